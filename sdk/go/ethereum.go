package quorate

import (
	"encoding/hex"
	"fmt"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"
	"golang.org/x/crypto/sha3"
)

// Address is the Ethereum address of a wallet's own key, with its checksum (EIP-55).
func Address(publicKey string) (string, error) {
	compressed, err := hex.DecodeString(publicKey)
	if err != nil {
		return "", fmt.Errorf("public key: %w", err)
	}
	key, err := secp256k1.ParsePubKey(compressed)
	if err != nil {
		return "", fmt.Errorf("public key: %w", err)
	}
	return checksummed(keccak(key.SerializeUncompressed()[1:])[12:]), nil
}

// MessageHash is what EIP-191 signs of a text or bytes.
func MessageHash(message []byte) []byte {
	return keccak(fmt.Appendf(nil, "\x19Ethereum Signed Message:\n%d%s", len(message), message))
}

func checksummed(address []byte) string {
	text := []byte(hex.EncodeToString(address))
	for i, digit := range hex.EncodeToString(keccak(text)) {
		if i == len(text) {
			break
		}
		if text[i] >= 'a' && digit >= '8' {
			text[i] -= 'a' - 'A'
		}
	}
	return "0x" + string(text)
}

func keccak(data []byte) []byte {
	hash := sha3.NewLegacyKeccak256()
	hash.Write(data)
	return hash.Sum(nil)
}
