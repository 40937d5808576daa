;; The memory that scripts of the suite may import from "spectest".
(module (memory (export "memory") 1 2))
