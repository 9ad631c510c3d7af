package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"os"

	"github.com/cloudflare/circl/hpke"
	"github.com/cloudflare/circl/kem"
)

var suite = hpke.NewSuite(hpke.KEM_X25519_HKDF_SHA256, hpke.KDF_HKDF_SHA256, hpke.AEAD_AES256GCM)

// publicIdentity is what others know of an installation: 32 bytes each.
type publicIdentity struct {
	SigningKey    hexBytes `json:"signingKey"`
	EncryptionKey hexBytes `json:"encryptionKey"`
}

type identity struct {
	publicIdentity
	signing    ed25519.PrivateKey
	encryption kem.PrivateKey
}

// identityFile holds the two private keys, 32 bytes each.
type identityFile struct {
	SigningSeed   hexBytes `json:"signingSeed"`
	EncryptionKey hexBytes `json:"encryptionKey"`
}

// loadIdentity reads the identity at path, or makes one and stores it there.
func loadIdentity(path string) (*identity, error) {
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return makeIdentity(path)
	}
	if err != nil {
		return nil, err
	}
	var file identityFile
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, err
	}
	return identityOf(file)
}

func makeIdentity(path string) (*identity, error) {
	_, encryption, err := hpke.KEM_X25519_HKDF_SHA256.Scheme().GenerateKeyPair()
	if err != nil {
		return nil, err
	}
	file := identityFile{SigningSeed: make([]byte, ed25519.SeedSize)}
	if _, err := rand.Read(file.SigningSeed); err != nil {
		return nil, err
	}
	if file.EncryptionKey, err = encryption.MarshalBinary(); err != nil {
		return nil, err
	}
	text, err := json.Marshal(file)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return nil, err
	}
	return identityOf(file)
}

func identityOf(file identityFile) (*identity, error) {
	encryption, err := hpke.KEM_X25519_HKDF_SHA256.Scheme().UnmarshalBinaryPrivateKey(file.EncryptionKey)
	if err != nil {
		return nil, err
	}
	encryptionKey, err := encryption.Public().MarshalBinary()
	if err != nil {
		return nil, err
	}
	signing := ed25519.NewKeyFromSeed(file.SigningSeed)
	public := publicIdentity{hexBytes(signing.Public().(ed25519.PublicKey)), encryptionKey}
	return &identity{public, signing, encryption}, nil
}

// sign is a signature in a domain (SPEC 7).
func (me *identity) sign(domain string, message []byte) []byte {
	return ed25519.Sign(me.signing, prefixed(domain, message))
}

func (them publicIdentity) signed(domain string, message, signature []byte) bool {
	return len(them.SigningKey) == ed25519.PublicKeySize &&
		ed25519.Verify(ed25519.PublicKey(them.SigningKey), prefixed(domain, message), signature)
}

func prefixed(domain string, message []byte) []byte {
	return concat([]byte("quorate/"+domain+"/1\x00"), message)
}

func (them publicIdentity) same(other publicIdentity) bool {
	return bytes.Equal(them.SigningKey, other.SigningKey) && bytes.Equal(them.EncryptionKey, other.EncryptionKey)
}

func (them publicIdentity) fingerprint() []byte {
	hash := sha256.Sum256(concat([]byte("quorate/identity/1\x00"), them.SigningKey, them.EncryptionKey))
	return hash[:15]
}

// seatMAC shows the creator that the seat was taken with its invitation.
func seatMAC(secret, session []byte, seat uint16, who publicIdentity, terms []byte) []byte {
	hash := sha256.Sum256(terms)
	mac := hmac.New(sha256.New, secret)
	mac.Write(concat([]byte("quorate/join/1\x00"), session, uint16Bytes(seat), who.SigningKey, who.EncryptionKey, hash[:]))
	return mac.Sum(nil)
}

// hexBytes are bytes that JSON shows in lower-case hex.
type hexBytes []byte

func (b hexBytes) MarshalText() ([]byte, error) {
	return []byte(hex.EncodeToString(b)), nil
}

func (b *hexBytes) UnmarshalText(text []byte) (err error) {
	*b, err = hex.DecodeString(string(text))
	return err
}

func concat(parts ...[]byte) []byte {
	return bytes.Join(parts, nil)
}

func uint16Bytes(value uint16) []byte {
	return binary.BigEndian.AppendUint16(nil, value)
}

func uint32Bytes(value uint32) []byte {
	return binary.BigEndian.AppendUint32(nil, value)
}
