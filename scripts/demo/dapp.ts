import { parseAbi } from 'viem'

/** What the demo needs of contracts/examples/LitecoinProofOfWork.sol, and what it says when it refuses. */
export const dappAbi = parseAbi([
  'struct Outcome { uint8 kind; uint32 code; bool inputByReference; bool outputOmitted; bytes32 outputRoot }',
  'struct Order { bytes32 program; uint64 maxSteps; uint96 minPrice; uint96 maxPrice; uint32 ramp; uint40 expires; uint96 tip; uint32 callbackGas; bytes32 salt }',
  'struct Request { bytes32 initial; address requester; bytes32 inputRoot; bool byReference; Order order }',
  'constructor(address market, bytes32 scrypt)',
  'function check(bytes header) payable returns (bytes32 task)',
  'function reclaim(Request r)',
  'function onResult(bytes32 task, Outcome outcome, bytes output)',
  'function workOf(bytes32 blockHash) view returns (uint8)',
  'function targetOf(uint32 bits) pure returns (uint256)',
  'function program() view returns (bytes32)',
  'event CheckRequested(bytes32 indexed blockHash, bytes32 indexed task, address indexed payer)',
  'event Valid(bytes32 indexed blockHash)',
  'event Invalid(bytes32 indexed blockHash)',
  'event Failed(bytes32 indexed blockHash, Outcome outcome)',
  'event Reclaimed(bytes32 indexed blockHash, bytes32 indexed task, address indexed payer, uint256 amount)',
  'error NotAHeader(uint256 length)',
  'error TargetOutOfRange(uint32 bits)',
  'error AlreadyChecked(bytes32 blockHash, uint8 work)',
  'error NothingToReclaim(bytes32 task)',
  'error NotThePayer(address payer)',
  'error NotTheMarket(address sender)',
])

/** What the consumer knows of a block, in the order of enum Work. */
export const WORK = ['UNKNOWN', 'VALID', 'INVALID', 'FAILED'] as const
export type Work = (typeof WORK)[number]
