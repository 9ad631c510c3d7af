package quorate

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"quorate.invalid/sdk/internal/rest"
)

// The user's side: a share is opened, checked and sent by whoever owns it (docs/OPERATIONS.md, "Users whose devices cannot
// compute"). The bytes are those of tss-wasm/identity/shareHost.ts and shareOrder.ts; sdk/vectors.json holds this file to them.

var (
	orderHead = []byte("quorate-share-order\x00\x01")
	shareHead = []byte("quorate-user-share\x00\x01")
)

const (
	protocol        = "quorate/2"
	shareKeyLength  = 32
	publicKeyLength = 33
	longestFile     = 400_000
)

// UserKey is an age identity: what a user's shares are encrypted to. It never leaves the user.
type UserKey struct{ identity *age.X25519Identity }

// NewUserKey makes a key.
func NewUserKey() (UserKey, error) {
	identity, err := age.GenerateX25519Identity()
	return UserKey{identity}, err
}

// ParseUserKey reads AGE-SECRET-KEY-1..., as age-keygen or Secret give it.
func ParseUserKey(secret string) (UserKey, error) {
	identity, err := age.ParseX25519Identity(secret)
	return UserKey{identity}, err
}

// Recipient is the public half: age1...
func (k UserKey) Recipient() string { return k.identity.Recipient().String() }

// Secret is to be stored where only the user reads. Whoever has it and the share's file signs for the user.
func (k UserKey) Secret() string { return k.identity.String() }

// String keeps the secret out of logs, whatever the verb.
func (k UserKey) String() string { return "UserKey(" + k.Recipient() + ")" }

// GoString is String, for %#v.
func (k UserKey) GoString() string { return k.String() }

// OpenedShare is a share in the clear, for as long as it takes to send it. Nothing prints it; Erase it afterwards.
type OpenedShare struct{ plain []byte }

// Open decrypts a share's file.
func (k UserKey) Open(file string) (*OpenedShare, error) {
	if len(file) > longestFile {
		return nil, fmt.Errorf("%w: it is too long", ErrBadShare)
	}
	reader, err := age.Decrypt(armor.NewReader(strings.NewReader(file)), k.identity)
	if err != nil {
		return nil, ErrBadShare
	}
	plain, err := io.ReadAll(reader)
	if err != nil || !bytes.HasPrefix(plain, shareHead) || len(plain) < len(shareHead)+shareKeyLength+publicKeyLength {
		return nil, ErrBadShare
	}
	return &OpenedShare{plain}, nil
}

// PublicKey is the wallet's: compressed, 33 bytes.
func (s *OpenedShare) PublicKey() []byte {
	start := len(shareHead) + shareKeyLength
	return bytes.Clone(s.plain[start : start+publicKeyLength])
}

// Erase overwrites the share.
func (s *OpenedShare) Erase() { clear(s.plain) }

func (s *OpenedShare) String() string {
	return "OpenedShare(of " + hex.EncodeToString(s.PublicKey()) + ")"
}

// GoString is String, for %#v.
func (s *OpenedShare) GoString() string { return s.String() }

// order is the share, good for signing this content in this session and for nothing else.
func (s *OpenedShare) order(sessionID string, epoch int, content Content) ([]byte, error) {
	session, err := hex.DecodeString(sessionID)
	if err != nil || len(session) != 16 {
		return nil, fmt.Errorf("session id %q is not 16 bytes of hex", sessionID)
	}
	proposal, err := content.proposal(sessionID, s.PublicKey(), epoch)
	if err != nil {
		return nil, err
	}
	hash := sha256.Sum256(proposal)
	return bytes.Join([][]byte{orderHead, session, hash[:], s.plain}, nil), nil
}

// sealedOrder is the order, encrypted to the key of one call, which must have been checked.
func (s *OpenedShare) sealedOrder(sessionID string, epoch int, content Content, to rest.UserShareKey) (string, error) {
	plain, err := s.order(sessionID, epoch, content)
	if err != nil {
		return "", err
	}
	defer clear(plain)
	recipient, err := age.ParseX25519Recipient(to.Recipient)
	if err != nil {
		return "", ErrNotVouched
	}
	var file bytes.Buffer
	text := armor.NewWriter(&file)
	writer, err := age.Encrypt(text, recipient)
	if err != nil {
		return "", err
	}
	if _, err := writer.Write(plain); err != nil {
		return "", err
	}
	if err := writer.Close(); err != nil {
		return "", err
	}
	if err := text.Close(); err != nil {
		return "", err
	}
	return file.String(), nil
}

// proposal is what every signer of the session reads (tss-wasm/SPEC.md 8.4): there is one way to write it.
func (c Content) proposal(sessionID string, publicKey []byte, epoch int) ([]byte, error) {
	type content struct {
		Type     string  `json:"type"`
		Message  *string `json:"message,omitempty"`
		Unsigned *string `json:"unsigned,omitempty"`
	}
	body := hex.EncodeToString(c.bytes)
	written := content{Type: c.kind, Message: &body}
	if c.kind == transactionKind {
		written = content{Type: c.kind, Unsigned: &body}
	}
	return json.Marshal(struct {
		Protocol  string  `json:"protocol"`
		Kind      string  `json:"kind"`
		Session   string  `json:"session"`
		PublicKey string  `json:"publicKey"`
		Epoch     int     `json:"epoch,omitempty"`
		Content   content `json:"content"`
	}{protocol, "sign", sessionID, hex.EncodeToString(publicKey), epoch, written})
}

// Pin is the coordinator's key as its operator gave it to the user, not to the back-end in between.
type Pin struct{ key ed25519.PublicKey }

// ParsePin reads 64 hex digits, from the coordinator's log at the start.
func ParsePin(text string) (Pin, error) {
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return Pin{}, fmt.Errorf("a pin is %d bytes of hex", ed25519.PublicKeySize)
	}
	return Pin{key}, nil
}

func (p Pin) checkKey(key rest.UserShareKey, now time.Time) error {
	id, err := hex.DecodeString(key.KeyId)
	if err != nil {
		return ErrNotVouched
	}
	signed := binary.BigEndian.AppendUint32(id, uint32(key.ExpiresAtMs/1000))
	signed = binary.BigEndian.AppendUint32(signed, uint32(key.ExpiresAtMs%1000))
	if err := p.check("call-key", append(signed, key.Recipient...), key.HostSignature); err != nil {
		return err
	}
	if now.UnixMilli() >= key.ExpiresAtMs {
		return fmt.Errorf("%w: the key for this call has expired", ErrNotVouched)
	}
	return nil
}

// checkShare takes the user's own recipient: on an error the wallet must not be confirmed.
func (p Pin) checkShare(share rest.UserShare, recipient string) error {
	session, sessionErr := hex.DecodeString(share.SessionId)
	publicKey, keyErr := hex.DecodeString(share.PublicKey)
	if sessionErr != nil || keyErr != nil {
		return ErrNotVouched
	}
	to, file := sha256.Sum256([]byte(recipient)), sha256.Sum256([]byte(share.UserShare))
	return p.check("given-share", bytes.Join([][]byte{session, publicKey, to[:], file[:]}, nil), share.HostSignature)
}

func (p Pin) check(domain string, signed []byte, signature string) error {
	bytes, err := hex.DecodeString(signature)
	if err != nil || len(p.key) != ed25519.PublicKeySize {
		return ErrNotVouched
	}
	if !ed25519.Verify(p.key, append([]byte("quorate/"+domain+"/1\x00"), signed...), bytes) {
		return ErrNotVouched
	}
	return nil
}
