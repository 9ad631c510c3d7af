import { readDescription, type Description } from './description.ts'

/**
 * What signing something of a common standard does, beyond its words. A description of somebody else's says none of it.
 * - spend: somebody can take tokens from then on
 * - order: tokens leave for what is asked for them, whenever somebody takes it
 * - send: tokens or coins go to somebody
 * - account: a contract account, or this one, does what is inside
 * - harmless: nothing leaves by it
 */
export type Power = 'spend' | 'order' | 'send' | 'account' | 'harmless'

export interface Standard {
  /** For the app's own words; the description's are English. */
  readonly name: StandardName
  readonly power: Power
  readonly description: Description
}

export type StandardName =
  | 'permit'
  | 'permitDai'
  | 'permitNft'
  | 'permit2'
  | 'permit2Batch'
  | 'permit2Transfer'
  | 'permit2BatchTransfer'
  | 'transferAuthorization'
  | 'receiveAuthorization'
  | 'cancelAuthorization'
  | 'safeTransaction'
  | 'safeMessage'
  | 'userOperation'
  | 'metaTransaction'
  | 'forwardRequest'
  | 'seaportOrder'
  | 'cowOrder'
  | 'cowCancellation'
  | 'wrap'
  | 'unwrap'
  | 'sendMultiToken'
  | 'sendMultiTokens'
  | 'permitCall'
  | 'permit2Approve'
  | 'safeExecute'
  | 'accountExecute'
  | 'multicall'

/** Labels of our own descriptions; the app words them in each language. */
const labels = [
  'owner spender amount token tokenId deadline expires nonce allowed from to validFrom validUntil operation data value',
  'gas gasPrice gasToken refundTo account initCode paymaster signatures message sellToken buyToken sellAmount buyAmount',
  'receiver fee orders calls',
]
  .join(' ')
  .split(' ')

type Field = readonly [path: string, label: string, format?: string, params?: object]

const fieldsOf = (fields: readonly Field[]) =>
  fields.map(([path, label, format = 'raw', params = {}]) => {
    if (!labels.includes(label)) throw new Error(`${label} is no label`)
    return { path, label, format, params }
  })

const moment: readonly [string, object] = ['date', { encoding: 'timestamp' }]
/** Permit2: 0 is the time of the block that it is used in. */
const blockMoment: readonly [string, object] = ['date', { encoding: 'timestamp', zero: 'this-block' }]
const ownToken = { tokenPath: '@.to' }
const innerCall = { calleePath: 'to', amountPath: 'value' }
const operations = { metadata: { enums: { operation: { 0: 'call', 1: 'delegatecall' } } } }

function ofMessage(
  name: StandardName,
  power: Power,
  type: string,
  fields: readonly Field[],
  beside: object = {},
): Standard {
  const format = { intent: name, fields: fieldsOf(fields) }
  const description = readDescription({ ...beside, context: { eip712: {} }, display: { formats: { [type]: format } } })
  return { name, power, description: { ...description, deployments: 'any' } }
}

function ofCall(
  name: StandardName,
  power: Power,
  declared: string,
  fields: readonly Field[],
  beside: object = {},
): Standard {
  const format = { intent: name, fields: fieldsOf(fields) }
  const description = readDescription({
    ...beside,
    context: { contract: {} },
    display: { formats: { [declared]: format } },
  })
  return { name, power, description: { ...description, deployments: 'any' } }
}

const details = 'PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)'
const permissions = 'TokenPermissions(address token,uint256 amount)'
const authorization = 'address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce'
const authorizationFields: readonly Field[] = [
  ['from', 'from'],
  ['to', 'to'],
  ['value', 'amount', 'tokenAmount', ownToken],
  ['validAfter', 'validFrom', ...moment],
  ['validBefore', 'validUntil', ...moment],
  ['nonce', 'nonce'],
]
const safeFields: readonly Field[] = [
  ['to', 'to'],
  ['value', 'value', 'amount'],
  ['data', 'data', 'calldata', innerCall],
  ['operation', 'operation', 'enum', { $ref: '$.metadata.enums.operation' }],
  ['safeTxGas', 'gas'],
  ['baseGas', 'gas'],
  ['gasPrice', 'gasPrice'],
  ['gasToken', 'gasToken'],
  ['refundReceiver', 'refundTo'],
]

/** EIP-2612, DAI, ERC-4494, Permit2, EIP-3009, Safe, ERC-4337, EIP-2771, Seaport, CoW Protocol: by their whole type. */
export const messageStandards: readonly Standard[] = [
  ofMessage('permit', 'spend', 'Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)', [
    ['owner', 'owner'],
    ['spender', 'spender'],
    ['value', 'amount', 'tokenAmount', ownToken],
    ['nonce', 'nonce'],
    ['deadline', 'deadline', ...moment],
  ]),
  ofMessage('permitDai', 'spend', 'Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)', [
    ['holder', 'owner'],
    ['spender', 'spender'],
    ['nonce', 'nonce'],
    ['expiry', 'expires', 'date', { encoding: 'timestamp', zero: 'never' }],
    ['allowed', 'allowed'],
  ]),
  ofMessage('permitNft', 'spend', 'Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)', [
    ['spender', 'spender'],
    ['tokenId', 'tokenId', 'nftName', { collectionPath: '@.to' }],
    ['nonce', 'nonce'],
    ['deadline', 'deadline', ...moment],
  ]),
  ofMessage('permit2', 'spend', `PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)${details}`, [
    ['spender', 'spender'],
    ['details.token', 'token'],
    ['details.amount', 'amount', 'tokenAmount', { tokenPath: 'details.token' }],
    ['details.expiration', 'expires', ...blockMoment],
    ['details.nonce', 'nonce'],
    ['sigDeadline', 'deadline', ...moment],
  ]),
  ofMessage(
    'permit2Batch',
    'spend',
    `PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)${details}`,
    [
      ['spender', 'spender'],
      ['details.[].token', 'token'],
      ['details.[].amount', 'amount', 'tokenAmount', { tokenPath: 'details.[].token' }],
      ['details.[].expiration', 'expires', ...blockMoment],
      ['details.[].nonce', 'nonce'],
      ['sigDeadline', 'deadline', ...moment],
    ],
  ),
  ofMessage(
    'permit2Transfer',
    'spend',
    `PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)${permissions}`,
    [
      ['spender', 'spender'],
      ['permitted.token', 'token'],
      ['permitted.amount', 'amount', 'tokenAmount', { tokenPath: 'permitted.token' }],
      ['nonce', 'nonce'],
      ['deadline', 'deadline', ...moment],
    ],
  ),
  ofMessage(
    'permit2BatchTransfer',
    'spend',
    `PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline)${permissions}`,
    [
      ['spender', 'spender'],
      ['permitted.[].token', 'token'],
      ['permitted.[].amount', 'amount', 'tokenAmount', { tokenPath: 'permitted.[].token' }],
      ['nonce', 'nonce'],
      ['deadline', 'deadline', ...moment],
    ],
  ),
  ofMessage('transferAuthorization', 'send', `TransferWithAuthorization(${authorization})`, authorizationFields),
  ofMessage('receiveAuthorization', 'send', `ReceiveWithAuthorization(${authorization})`, authorizationFields),
  ofMessage('cancelAuthorization', 'harmless', 'CancelAuthorization(address authorizer,bytes32 nonce)', [
    ['authorizer', 'owner'],
    ['nonce', 'nonce'],
  ]),
  ofMessage(
    'safeTransaction',
    'account',
    'SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)',
    [...safeFields, ['nonce', 'nonce']],
    operations,
  ),
  ofMessage('safeMessage', 'account', 'SafeMessage(bytes message)', [['message', 'message']]),
  ofMessage(
    'userOperation',
    'account',
    'PackedUserOperation(address sender,uint256 nonce,bytes initCode,bytes callData,bytes32 accountGasLimits,uint256 preVerificationGas,bytes32 gasFees,bytes paymasterAndData)',
    [
      ['sender', 'account'],
      ['nonce', 'nonce'],
      ['initCode', 'initCode'],
      ['callData', 'data', 'calldata', { calleePath: 'sender' }],
      ['accountGasLimits', 'gas'],
      ['preVerificationGas', 'gas'],
      ['gasFees', 'gasPrice'],
      ['paymasterAndData', 'paymaster'],
    ],
  ),
  ofMessage('metaTransaction', 'account', 'MetaTransaction(uint256 nonce,address from,bytes functionSignature)', [
    ['nonce', 'nonce'],
    ['from', 'from'],
    ['functionSignature', 'data', 'calldata', { calleePath: '@.to' }],
  ]),
  ...['uint256 nonce,', 'uint256 nonce,uint48 deadline,'].map((between) =>
    ofMessage(
      'forwardRequest',
      'account',
      `ForwardRequest(address from,address to,uint256 value,uint256 gas,${between}bytes data)`,
      [
        ['from', 'from'],
        ['to', 'to'],
        ['value', 'value', 'amount'],
        ['gas', 'gas'],
        ['nonce', 'nonce'],
        ['deadline', 'deadline', ...moment],
        ['data', 'data', 'calldata', innerCall],
      ],
    ),
  ),
  ofMessage(
    'seaportOrder',
    'order',
    'OrderComponents(address offerer,address zone,OfferItem[] offer,ConsiderationItem[] consideration,uint8 orderType,uint256 startTime,uint256 endTime,bytes32 zoneHash,uint256 salt,bytes32 conduitKey,uint256 counter)ConsiderationItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,uint256 endAmount,address recipient)OfferItem(uint8 itemType,address token,uint256 identifierOrCriteria,uint256 startAmount,uint256 endAmount)',
    [
      ['offerer', 'owner'],
      ['startTime', 'validFrom', ...moment],
      ['endTime', 'validUntil', ...moment],
      ['offer.[].token', 'sellToken'],
      ['offer.[].startAmount', 'sellAmount', 'tokenAmount', { tokenPath: 'offer.[].token' }],
      ['consideration.[].token', 'buyToken'],
      ['consideration.[].startAmount', 'buyAmount', 'tokenAmount', { tokenPath: 'consideration.[].token' }],
      ['consideration.[].recipient', 'receiver'],
    ],
  ),
  ofMessage(
    'cowOrder',
    'order',
    'Order(address sellToken,address buyToken,address receiver,uint256 sellAmount,uint256 buyAmount,uint32 validTo,bytes32 appData,uint256 feeAmount,string kind,bool partiallyFillable,string sellTokenBalance,string buyTokenBalance)',
    [
      ['sellToken', 'sellToken'],
      ['buyToken', 'buyToken'],
      ['receiver', 'receiver'],
      ['sellAmount', 'sellAmount', 'tokenAmount', { tokenPath: 'sellToken' }],
      ['buyAmount', 'buyAmount', 'tokenAmount', { tokenPath: 'buyToken' }],
      ['validTo', 'validUntil', ...moment],
      ['feeAmount', 'fee', 'tokenAmount', { tokenPath: 'sellToken' }],
    ],
  ),
  ofMessage('cowCancellation', 'harmless', 'OrderCancellations(bytes[] orderUids)', [['orderUids.[]', 'orders']]),
]

/** Wrapped coins, ERC-1155, EIP-2612, Permit2, Safe, accounts of ERC-4337, calls of several calls. ERC-20 and 721: tokenCall.ts. */
export const callStandards: readonly Standard[] = [
  ofCall('wrap', 'harmless', 'deposit()', []),
  ofCall('unwrap', 'harmless', 'withdraw(uint256 wad)', [['wad', 'amount', 'tokenAmount', ownToken]]),
  ofCall('sendMultiToken', 'send', 'safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data)', [
    ['from', 'from'],
    ['to', 'to'],
    ['id', 'tokenId', 'nftName', { collectionPath: '@.to' }],
    ['amount', 'amount'],
    ['data', 'data'],
  ]),
  ofCall(
    'sendMultiTokens',
    'send',
    'safeBatchTransferFrom(address from,address to,uint256[] ids,uint256[] amounts,bytes data)',
    [
      ['from', 'from'],
      ['to', 'to'],
      ['ids.[]', 'tokenId', 'nftName', { collectionPath: '@.to' }],
      ['amounts.[]', 'amount'],
      ['data', 'data'],
    ],
  ),
  ofCall(
    'permitCall',
    'spend',
    'permit(address owner,address spender,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s)',
    [
      ['owner', 'owner'],
      ['spender', 'spender'],
      ['value', 'amount', 'tokenAmount', ownToken],
      ['deadline', 'deadline', ...moment],
    ],
  ),
  ofCall('permit2Approve', 'spend', 'approve(address token,address spender,uint160 amount,uint48 expiration)', [
    ['token', 'token'],
    ['spender', 'spender'],
    ['amount', 'amount', 'tokenAmount', { tokenPath: 'token' }],
    ['expiration', 'expires', ...blockMoment],
  ]),
  ofCall(
    'safeExecute',
    'account',
    'execTransaction(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,bytes signatures)',
    [...safeFields, ['signatures', 'signatures']],
    operations,
  ),
  ofCall('accountExecute', 'account', 'execute(address to,uint256 value,bytes data)', [
    ['to', 'to'],
    ['value', 'value', 'amount'],
    ['data', 'data', 'calldata', innerCall],
  ]),
  ofCall('multicall', 'account', 'multicall(bytes[] data)', [['data.[]', 'calls', 'calldata', { calleePath: '@.to' }]]),
]
