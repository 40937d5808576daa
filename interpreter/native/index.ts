export { NativeMachine, type NativeOptions, type NativeReport } from './native-machine.ts'
