export { NativeMachine, type NativeOptions, type NativeReport, type Tier } from './native-machine.ts'
