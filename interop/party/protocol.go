package main

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/bnb-chain/tss-lib/v2/common"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/keygen"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/signing"
	"github.com/bnb-chain/tss-lib/v2/tss"
)

// run is tss-lib as the party of one run: who sits where, and what comes out.
type run struct {
	mail   *mailbox
	seats  []uint16 // by position
	ids    tss.SortedPartyIDs
	params *tss.Parameters
	out    chan tss.Message
	failed chan *tss.Error
}

// newRun seats the parties of the roster; keys are their Shamir coordinates, in the order of the roster's seats.
func newRun(mail *mailbox, keys []*big.Int, threshold int) *run {
	r := &run{mail: mail, out: make(chan tss.Message, 1000), failed: make(chan *tss.Error, 1000)}
	var ids tss.UnSortedPartyIDs
	own := 0
	for i, each := range mail.envelopes.roster.Seats {
		r.seats = append(r.seats, each.Seat)
		label := fmt.Sprint(each.Seat)
		ids = append(ids, tss.NewPartyID(label, label, keys[i]))
		if each.Seat == mail.envelopes.seat {
			own = i
		}
	}
	r.ids = tss.SortPartyIDs(ids)
	r.params = tss.NewParameters(tss.S256(), tss.NewPeerContext(r.ids), r.ids[own], len(r.ids), threshold-1)
	return r
}

func (r *run) keygen(ctx context.Context, prepared keygen.LocalPreParams) (*keygen.LocalPartySaveData, error) {
	done := make(chan *keygen.LocalPartySaveData, 1)
	party := keygen.NewLocalParty(r.params, r.out, done, prepared)
	if err := r.rounds(ctx, party); err != nil {
		return nil, err
	}
	return await(ctx, r, done)
}

func (r *run) sign(ctx context.Context, share keygen.LocalPartySaveData, digest []byte) (*common.SignatureData, error) {
	done := make(chan *common.SignatureData, 1)
	subset := keygen.BuildLocalSaveDataSubset(share, r.ids)
	party := signing.NewLocalParty(new(big.Int).SetBytes(digest), r.params, subset, r.out, done)
	if err := r.rounds(ctx, party); err != nil {
		return nil, err
	}
	return await(ctx, r, done)
}

func await[T any](ctx context.Context, r *run, done <-chan T) (result T, err error) {
	select {
	case result = <-done:
	case failure := <-r.failed:
		err = r.blamed(failure)
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	return result, err
}

// rounds carries a protocol's messages: what tss-lib says goes out, and every round comes in whole before it is heard.
func (r *run) rounds(ctx context.Context, party tss.Party) error {
	go func() {
		if err := party.Start(); err != nil {
			r.failed <- err
		}
	}()
	spoken := map[string][]tss.Message{}
	for _, each := range r.mail.table {
		wanted := len(r.ids) - 1
		if each.broadcast {
			wanted = 1
		}
		for len(spoken[each.message]) < wanted {
			said, err := await(ctx, r, r.out)
			if err != nil {
				return err
			}
			kind := said.Type()[strings.LastIndex(said.Type(), ".")+1:]
			spoken[kind] = append(spoken[kind], said)
		}
		for _, said := range spoken[each.message] {
			if err := r.speak(each, said); err != nil {
				return err
			}
		}
		messages, err := r.mail.collect(each)
		if err != nil {
			return err
		}
		if err := r.hear(party, each, messages); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) speak(each round, said tss.Message) error {
	body, _, err := said.WireBytes()
	if err != nil {
		return err
	}
	if each.broadcast {
		return r.mail.say(0, each.name, body)
	}
	for _, reader := range said.GetTo() {
		if err := r.mail.say(r.seats[reader.Index], each.name, body); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) hear(party tss.Party, each round, messages map[uint16]*message) error {
	for position, seat := range r.seats {
		said, there := messages[seat]
		if !there {
			continue
		}
		parsed, err := tss.ParseWireMessage(said.body, r.ids[position], each.broadcast)
		if err != nil {
			return blame(seat, "%s: message is well formed", each.name)
		}
		go func() {
			if _, err := party.Update(parsed); err != nil {
				r.failed <- err
			}
		}()
	}
	return nil
}

func (r *run) blamed(failure *tss.Error) error {
	if culprits := failure.Culprits(); len(culprits) > 0 {
		return blame(r.seats[culprits[0].Index], "%v", failure)
	}
	return failure
}
