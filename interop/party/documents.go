package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/sha3"
)

// The documents that are signed (SPEC 7, SPEC 8.4): JSON in the one form that a party signs. Fields are in that order.

type keygenProposal struct {
	Protocol   string   `json:"protocol"`
	Kind       string   `json:"kind"`
	Session    hexBytes `json:"session"`
	WalletName string   `json:"walletName"`
	Threshold  int      `json:"threshold"`
	Parties    int      `json:"parties"`
	Curve      string   `json:"curve"`
}

type signProposal struct {
	Protocol  string   `json:"protocol"`
	Kind      string   `json:"kind"`
	Session   hexBytes `json:"session"`
	PublicKey hexBytes `json:"publicKey"`
	Content   content  `json:"content"`
}

// content is what is to be signed. This party signs messages; what it does not know it refuses.
type content struct {
	Type    string   `json:"type"`
	Message hexBytes `json:"message"`
}

// digest is keccak-256 of the message behind its prefix (EIP-191, version 0x45).
func (c content) digest() []byte {
	hash := sha3.NewLegacyKeccak256()
	fmt.Fprintf(hash, "\x19Ethereum Signed Message:\n%d", len(c.Message))
	hash.Write(c.Message)
	return hash.Sum(nil)
}

// read is JSON that is accepted only in its canonical form.
func read(what string, text []byte, into any) error {
	if err := json.Unmarshal(text, into); err != nil || !bytes.Equal(canonical(into), text) {
		return fmt.Errorf("%s: is written in canonical form", what)
	}
	return nil
}

type terms struct {
	Protocol     string   `json:"protocol"`
	Software     string   `json:"software"`
	Kind         string   `json:"kind"`
	Session      hexBytes `json:"session"`
	Seat         uint16   `json:"seat"`
	Threshold    int      `json:"threshold"`
	Parties      int      `json:"parties"`
	Curve        string   `json:"curve"`
	WalletName   string   `json:"walletName"`
	ProposalHash hexBytes `json:"proposalHash"`
	// CodeCommitment is to our part of the check code of a new wallet; empty when signing.
	CodeCommitment hexBytes `json:"codeCommitment"`
	// Name is what the party calls itself, in documents with names: this one calls itself nothing.
	Name *string `json:"name,omitempty"`
}

type roster struct {
	Protocol     string       `json:"protocol"`
	Kind         string       `json:"kind"`
	Session      hexBytes     `json:"session"`
	Run          hexBytes     `json:"run"`
	Threshold    int          `json:"threshold"`
	ProposalHash hexBytes     `json:"proposalHash"`
	Creator      uint16       `json:"creator"`
	Seats        []rosterSeat `json:"seats"`
}

type rosterSeat struct {
	Seat     uint16         `json:"seat"`
	Identity publicIdentity `json:"identity"`
	// CodeCommitment of a new wallet's party.
	CodeCommitment *hexBytes `json:"codeCommitment,omitempty"`
	Name           *string   `json:"name,omitempty"`
}

// canonical is JSON as the specification has it: no white space, only what must be escaped.
func canonical(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err) // our own structs
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

func (r *roster) hash() []byte {
	hash := sha256.Sum256(canonical(r))
	return hash[:]
}

func (r *roster) at(seat uint16) (publicIdentity, bool) {
	for _, each := range r.Seats {
		if each.Seat == seat {
			return each.Identity, true
		}
	}
	return publicIdentity{}, false
}

// binding ties every envelope to this run.
func (r *roster) binding() []byte {
	return concat(r.Session, r.Run, r.hash())
}

const codeLabel = "quorate/code/2"

// codeCommitment is what a party says in its hand-shake of the nonce that it opens later.
func codeCommitment(session []byte, seat uint16, nonce []byte) []byte {
	hash := sha256.Sum256(concat([]byte(codeLabel), session, uint16Bytes(seat), nonce))
	return hash[:]
}

// codeOpening is signed over the roster, the seat and the nonce.
func (r *roster) codeOpening(seat uint16, nonce []byte) []byte {
	return concat(r.hash(), uint16Bytes(seat), nonce)
}

// checkCode is what people compare: twelve digits, made of the roster and what everybody has opened.
func (r *roster) checkCode(openings map[uint16][]byte) (string, error) {
	all := concat([]byte(codeLabel), r.hash())
	for _, each := range r.Seats {
		opening := openings[each.Seat]
		if len(opening) != 96 || !each.Identity.signed("code-opening", r.codeOpening(each.Seat, opening[:32]), opening[32:]) {
			return "", fmt.Errorf("check code: the opening of party %d is signed by it", each.Seat)
		}
		if each.CodeCommitment == nil || !bytes.Equal(*each.CodeCommitment, codeCommitment(r.Session, each.Seat, opening[:32])) {
			return "", blame(each.Seat, "check code: opens what it has committed to")
		}
		all = append(all, opening[:32]...)
	}
	hash := sha256.Sum256(all)
	bits := binary.BigEndian.Uint64(append(make([]byte, 3), hash[:5]...))
	return fmt.Sprintf("%012d", bits%1_000_000_000_000), nil
}

// approval and withdrawal are signed over the same bytes, in their domains.
func (r *roster) approvalBytes(seat uint16) []byte {
	return concat(r.hash(), uint16Bytes(seat))
}

func (r *roster) confirmation(me *identity, seat uint16, result, transcript []byte) []byte {
	head := concat([]byte{1}, uint16Bytes(seat), []byte{byte(len(result))}, result, transcript)
	return concat(head, me.sign("confirmation", concat(r.hash(), head)))
}

// confirmed checks that the party in that seat has confirmed what we have: result and transcript.
func (r *roster) confirmed(seat uint16, confirmation, result, transcript []byte) error {
	who, _ := r.at(seat)
	head := concat([]byte{1}, uint16Bytes(seat), []byte{byte(len(result))}, result, transcript)
	if len(confirmation) != len(head)+64 || !bytes.Equal(confirmation[:len(head)], head) {
		return fmt.Errorf("party %d confirms another result or transcript", seat)
	}
	if !who.signed("confirmation", concat(r.hash(), head), confirmation[len(head):]) {
		return fmt.Errorf("confirmation of party %d is signed by it", seat)
	}
	return nil
}

type invitation struct {
	session    []byte
	seat       uint16
	secret     []byte
	creator    []byte
	expires    time.Time
	token      string
	sessionHex string
}

// readInvitation takes a link, or what follows its "/#/join/".
func readInvitation(text string) (*invitation, error) {
	if at := strings.LastIndex(text, "/join/"); at >= 0 {
		text = text[at+len("/join/"):]
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(strings.TrimSpace(text))
	const fixed = 1 + 16 + 2 + 32 + 15 + 4 + 2
	if err != nil || len(raw) < fixed+4 || raw[0] != 1 {
		return nil, fmt.Errorf("invitation: damaged")
	}
	body, checksum := raw[:len(raw)-4], raw[len(raw)-4:]
	hash := sha256.Sum256(body)
	length := int(binary.BigEndian.Uint16(body[fixed-2:]))
	if !bytes.Equal(hash[:4], checksum) || len(body) != fixed+length {
		return nil, fmt.Errorf("invitation: damaged")
	}
	read := &invitation{
		session: body[1:17],
		seat:    binary.BigEndian.Uint16(body[17:]),
		secret:  body[19:51],
		creator: body[51:66],
		expires: time.Unix(int64(binary.BigEndian.Uint32(body[66:])), 0),
		token:   string(body[fixed:]),
	}
	read.sessionHex = fmt.Sprintf("%x", read.session)
	if time.Now().After(read.expires) {
		return nil, fmt.Errorf("invitation: expired")
	}
	return read, nil
}
