package main

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/cloudflare/circl/hpke"
)

const longestEnvelope = 1 << 20

// message is a body with its header; to is 0 for everyone.
type message struct {
	from, to uint16
	sequence uint32
	round    string
	body     []byte
	evidence []byte // of a broadcast: sequence and signature
}

func (m *message) header() []byte {
	return concat(uint16Bytes(m.from), uint16Bytes(m.to), uint32Bytes(m.sequence), []byte{byte(len(m.round))}, []byte(m.round))
}

// envelopes seals what we say in a run and opens what others say.
type envelopes struct {
	me      *identity
	seat    uint16
	roster  *roster
	binding []byte
	sent    map[uint16]uint32
	seen    map[stream][][]byte // hashes of what was signed, by sequence
	dropped int
}

type stream struct{ from, to uint16 }

func newEnvelopes(me *identity, seat uint16, r *roster) *envelopes {
	return &envelopes{me, seat, r, r.binding(), map[uint16]uint32{}, map[stream][][]byte{}, 0}
}

func (e *envelopes) info() []byte {
	return concat([]byte("quorate/private/1\x00"), e.binding)
}

func (e *envelopes) signedPart(m *message, digest []byte) []byte {
	return concat(e.binding, m.header(), digest)
}

func (e *envelopes) seal(to uint16, round string, plain []byte) ([]byte, error) {
	m := &message{from: e.seat, to: to, sequence: e.sent[to], round: round, body: plain}
	e.sent[to]++
	if to != 0 {
		reader, _ := e.roster.at(to)
		key, err := hpke.KEM_X25519_HKDF_SHA256.Scheme().UnmarshalBinaryPublicKey(reader.EncryptionKey)
		if err != nil {
			return nil, err
		}
		sender, err := suite.NewSender(key, e.info())
		if err != nil {
			return nil, err
		}
		encapsulated, sealer, err := sender.Setup(rand.Reader)
		if err != nil {
			return nil, err
		}
		ciphertext, err := sealer.Seal(plain, m.header())
		if err != nil {
			return nil, err
		}
		m.body = concat(encapsulated, ciphertext)
	}
	digest := sha256.Sum256(m.body)
	signature := e.me.sign("envelope", e.signedPart(m, digest[:]))
	return concat([]byte{1}, m.header(), signature, m.body), nil
}

// open gives the message of an envelope, or nil for what is to be dropped. An error names the sender.
func (e *envelopes) open(raw []byte) (*message, error) {
	m, signature := parseEnvelope(raw)
	if m == nil || m.from == e.seat || (m.to != 0 && m.to != e.seat) {
		e.dropped++
		return nil, nil
	}
	sender, known := e.roster.at(m.from)
	digest := sha256.Sum256(m.body)
	part := e.signedPart(m, digest[:])
	if !known || !sender.signed("envelope", part, signature) {
		e.dropped++
		return nil, nil
	}
	where := stream{m.from, m.to}
	hash := sha256.Sum256(part)
	if next := uint32(len(e.seen[where])); m.sequence != next {
		if m.sequence < next && !bytes.Equal(e.seen[where][m.sequence], hash[:]) {
			return nil, blame(m.from, "%s: one envelope per sequence number", m.round)
		}
		e.dropped++
		return nil, nil
	}
	e.seen[where] = append(e.seen[where], hash[:])
	if m.to == 0 {
		m.evidence = concat(uint32Bytes(m.sequence), signature)
		return m, nil
	}
	plain, err := e.decrypt(m)
	if err != nil {
		return nil, blame(m.from, "%s: private message opens under our key", m.round)
	}
	m.body = plain
	return m, nil
}

func (e *envelopes) decrypt(m *message) ([]byte, error) {
	if len(m.body) < 32 {
		return nil, fmt.Errorf("cut short")
	}
	receiver, err := suite.NewReceiver(e.me.encryption, e.info())
	if err != nil {
		return nil, err
	}
	opener, err := receiver.Setup(m.body[:32])
	if err != nil {
		return nil, err
	}
	return opener.Open(m.body[32:], m.header())
}

// proves tells whether the party in that seat did broadcast a body of this digest in this round.
func (e *envelopes) proves(from uint16, round string, digest, evidence []byte) bool {
	sender, known := e.roster.at(from)
	if !known || len(evidence) != 68 {
		return false
	}
	claimed := &message{from: from, sequence: binary.BigEndian.Uint32(evidence), round: round}
	return sender.signed("envelope", e.signedPart(claimed, digest), evidence[4:])
}

func parseEnvelope(raw []byte) (*message, []byte) {
	const fixed = 1 + 2 + 2 + 4 + 1
	if len(raw) > longestEnvelope || len(raw) < fixed || raw[0] != 1 {
		return nil, nil
	}
	name := int(raw[9])
	if len(raw) < fixed+name+64 {
		return nil, nil
	}
	return &message{
		from:     binary.BigEndian.Uint16(raw[1:]),
		to:       binary.BigEndian.Uint16(raw[3:]),
		sequence: binary.BigEndian.Uint32(raw[5:]),
		round:    string(raw[fixed : fixed+name]),
		body:     raw[fixed+name+64:],
	}, raw[fixed+name : fixed+name+64]
}

// misbehaviour of a party, as it is reported to the others.
type misbehaviour struct {
	party uint16
	check string
}

func (m *misbehaviour) Error() string {
	return fmt.Sprintf("party %d: %s", m.party, m.check)
}

func blame(party uint16, check string, values ...any) error {
	return &misbehaviour{party, fmt.Sprintf(check, values...)}
}
