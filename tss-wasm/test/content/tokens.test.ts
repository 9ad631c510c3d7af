import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { DEFAULT_TOKENS } from 'micro-eth-signer/abi.js'
import { getAddress } from 'viem'
import * as viemTokens from 'viem/tokens'
import { networkOf } from '../../content/networks.ts'
import { tokenAt, tokenNamed, tokens, tokensOf } from '../../content/tokens.ts'

suite('well-known tokens', () => {
  test('have an address with its checksum, on a network that has a name, and a symbol of their own there', () => {
    const names = tokens.map(({ chainId, symbol }) => `${chainId} ${symbol.toLowerCase()}`)
    assert.equal(new Set(names).size, tokens.length)
    for (const { chainId, address, symbol, decimals } of tokens) {
      assert.equal(address, getAddress(address))
      assert.notEqual(networkOf(chainId), undefined, symbol)
      assert.match(symbol, /^[A-Za-z0-9.]{2,8}$/)
      assert.ok(decimals >= 6 && decimals <= 18, symbol)
    }
  })

  test('are at the addresses, and of the decimals, that two libraries have', () => {
    const judged = new Set<string>()
    for (const theirs of Object.values(viemTokens)) {
      if (!('addresses' in theirs)) continue
      const { symbol, decimals, addresses } = theirs
      for (const [chainId, address] of Object.entries(addresses)) {
        const ours = tokenNamed(BigInt(chainId), symbol)
        if (ours === undefined) continue
        assert.deepEqual([ours.address, ours.decimals], [getAddress(address), decimals], `${symbol} on ${chainId}`)
        judged.add(`${chainId} ${symbol}`)
      }
    }
    for (const ours of tokensOf(1n)) {
      const theirs = DEFAULT_TOKENS[ours.address.toLowerCase()]
      if (theirs === undefined) continue
      assert.deepEqual([ours.symbol, ours.decimals], [theirs.symbol, theirs.decimals])
      judged.add(`1 ${ours.symbol}`)
    }
    for (const place of ['1 USDC', '8453 USDC', '137 USDC', '1 USDT', '1 DAI', '1 WBTC', '11155111 USDC'])
      assert.ok(judged.has(place), `nobody else has ${place}`)
  })

  test('are found by address and by symbol in whatever case, and on their own network only', () => {
    const [usdc] = tokensOf(1n)
    assert.ok(usdc)
    assert.deepEqual(tokenAt(1n, usdc.address.toLowerCase()), usdc)
    assert.deepEqual(tokenNamed(1n, 'usdc'), usdc)
    assert.equal(tokenAt(10n, usdc.address), undefined)
    assert.equal(tokenNamed(1n, 'USDC '), undefined)
    assert.deepEqual(tokensOf(31337n), [])
  })
})
