;; The table that scripts of the suite may import from "spectest".
(module (table (export "table") 10 20 funcref))
