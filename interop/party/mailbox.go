package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// round is one line of a protocol's table of contents (SPEC 5).
type round struct {
	name      string
	message   string // tss-lib's
	broadcast bool
	echoed    bool
}

// late is the round whose echo is said and not awaited: what comes after it is a signature that verifies, or is none.
const late = "sign 9: s"

var keygenRounds = []round{
	{"keygen 1: commitment and moduli", "KGRound1Message", true, true},
	{"keygen 2: share", "KGRound2Message1", false, false},
	{"keygen 2: opening", "KGRound2Message2", true, true},
	{"keygen 3: Paillier proof", "KGRound3Message", true, true},
}

var signRounds = []round{
	{"sign 1: encrypted nonce share", "SignRound1Message1", false, false},
	{"sign 1: commitment to the nonce point", "SignRound1Message2", true, false},
	{"sign 2: shares of products", "SignRound2Message", false, false},
	{"sign 3: theta", "SignRound3Message", true, true},
	{"sign 4: nonce point", "SignRound4Message", true, true},
	{"sign 5: commitment to V and A", "SignRound5Message", true, false},
	{"sign 6: V and A", "SignRound6Message", true, true},
	{"sign 7: commitment to U and T", "SignRound7Message", true, false},
	{"sign 8: U and T", "SignRound8Message", true, true},
	{"sign 9: s", "SignRound9Message", true, true},
}

// mailbox collects one message of every peer for each round, compares echoes and keeps the transcript.
type mailbox struct {
	envelopes *envelopes
	send      func(to uint16, envelope []byte) error
	receive   func() ([]byte, error) // the next envelope from the router
	table     []round
	kinds     map[string]bool // name: is a broadcast
	inbox     map[string]map[uint16]*message
	own       map[string][]byte // digests of our broadcasts
}

func newMailbox(e *envelopes, table []round, send func(uint16, []byte) error, receive func() ([]byte, error)) *mailbox {
	m := &mailbox{e, send, receive, table, map[string]bool{}, map[string]map[uint16]*message{}, map[string][]byte{}}
	for _, each := range table {
		m.kinds[each.name] = each.broadcast
		if each.echoed {
			m.kinds[each.name+"/echo"] = true
		}
	}
	for name := range m.kinds {
		m.inbox[name] = map[uint16]*message{}
	}
	return m
}

func (m *mailbox) say(to uint16, name string, body []byte) error {
	envelope, err := m.envelopes.seal(to, name, body)
	if err != nil {
		return err
	}
	if to == 0 {
		digest := sha256.Sum256(body)
		m.own[name] = digest[:]
	}
	return m.send(to, envelope)
}

// collect waits for every peer's message of a round; of an echoed one only after every echo agrees.
func (m *mailbox) collect(r round) (map[uint16]*message, error) {
	messages, err := m.complete(r.name)
	if err != nil {
		return nil, err
	}
	if r.echoed && len(m.envelopes.roster.Seats) > 2 {
		err = m.exchangeEchoes(r.name)
	}
	return messages, err
}

func (m *mailbox) complete(name string) (map[uint16]*message, error) {
	for len(m.inbox[name]) < len(m.envelopes.roster.Seats)-1 {
		raw, err := m.receive()
		if err != nil {
			return nil, err
		}
		arrived, err := m.envelopes.open(raw)
		if err != nil {
			return nil, err
		}
		if arrived == nil {
			continue
		}
		if err := m.file(arrived); err != nil {
			return nil, err
		}
	}
	return m.inbox[name], nil
}

func (m *mailbox) file(arrived *message) error {
	broadcast, known := m.kinds[arrived.round]
	if !known || broadcast != (arrived.to == 0) {
		return blame(arrived.from, "message belongs to a round of this protocol")
	}
	if earlier := m.inbox[arrived.round][arrived.from]; earlier != nil {
		if bytes.Equal(earlier.body, arrived.body) {
			return nil
		}
		return blame(arrived.from, "%s: one message per sender", arrived.round)
	}
	m.inbox[arrived.round][arrived.from] = arrived
	return nil
}

// digests of everybody's broadcast of a round, ours included.
func (m *mailbox) digests(name string) map[uint16][]byte {
	all := map[uint16][]byte{m.envelopes.seat: m.own[name]}
	for from, said := range m.inbox[name] {
		digest := sha256.Sum256(said.body)
		all[from] = digest[:]
	}
	return all
}

// covered is what an echo speaks of: its round, and the broadcasts since the echo before.
func (m *mailbox) covered(name string) (names []string) {
	for _, each := range m.table {
		if each.broadcast {
			names = append(names, each.name)
		}
		if each.name == name {
			return names
		}
		if each.echoed {
			names = nil
		}
	}
	return names
}

func (m *mailbox) exchangeEchoes(name string) error {
	var echo []byte
	for _, each := range m.covered(name) {
		echo = append(echo, m.heldOf(each)...)
	}
	if err := m.say(0, name+"/echo", echo); err != nil || name == late {
		return err
	}
	echoes, err := m.complete(name + "/echo")
	if err != nil {
		return err
	}
	for echoer, said := range echoes {
		rest := said.body
		for _, each := range m.covered(name) {
			if rest, err = m.compare(each, echoer, rest, m.digests(each)); err != nil {
				return err
			}
		}
		if len(rest) > 0 {
			return blame(echoer, "%s/echo: message is well formed", name)
		}
	}
	return nil
}

// heldOf lists everybody else's broadcast of one round: digest, and the evidence of who sent it.
func (m *mailbox) heldOf(name string) []byte {
	held := m.digests(name)
	list := []byte{byte(len(held) - 1)}
	for _, each := range m.envelopes.roster.Seats {
		if each.Seat == m.envelopes.seat {
			continue
		}
		evidence := m.inbox[name][each.Seat].evidence
		list = concat(list, uint16Bytes(each.Seat), held[each.Seat], []byte{byte(len(evidence))}, evidence)
	}
	return list
}

// compare reads what an echo says of one round, and gives what is left of it.
func (m *mailbox) compare(name string, echoer uint16, echo []byte, held map[uint16][]byte) ([]byte, error) {
	incomplete := blame(echoer, "%s: echo covers every other party's broadcast", name)
	if len(echo) < 1 || int(echo[0]) != len(held)-1 {
		return nil, incomplete
	}
	rest := echo[1:]
	for _, each := range m.envelopes.roster.Seats {
		if each.Seat == echoer {
			continue
		}
		if len(rest) < 35 || binary.BigEndian.Uint16(rest) != each.Seat || len(rest) < 35+int(rest[34]) {
			return nil, incomplete
		}
		digest, evidence := rest[2:34], rest[35:35+int(rest[34])]
		rest = rest[35+len(evidence):]
		if bytes.Equal(digest, held[each.Seat]) {
			continue
		}
		if m.envelopes.proves(each.Seat, name, digest, evidence) {
			return nil, blame(each.Seat, "%s: broadcast is the same for everybody", name)
		}
		return nil, blame(echoer, "%s: echo of party %d's broadcast is true", name, each.Seat)
	}
	return rest, nil
}

// transcript is the hash of all broadcasts, the same for everybody.
func (m *mailbox) transcript() []byte {
	all := []byte("quorate/transcript/1")
	for _, each := range m.table {
		if !each.broadcast {
			continue
		}
		name := sha256.Sum256([]byte(each.name))
		all = append(all, name[:]...)
		digests := m.digests(each.name)
		for _, seat := range m.envelopes.roster.Seats {
			all = append(all, digests[seat.Seat]...)
		}
	}
	hash := sha256.Sum256(all)
	return hash[:]
}
