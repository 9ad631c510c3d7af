// One party of a ceremony, run by bnb-chain/tss-lib v2 itself: what our parties are held against.
//
// JSON lines. The first on standard input is the job, the others are messages to this party; standard output gives the
// party's messages and at last its result.
package main

import (
	"bufio"
	"crypto/ecdsa"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"

	"github.com/bnb-chain/tss-lib/v2/common"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/keygen"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/resharing"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/signing"
	"github.com/bnb-chain/tss-lib/v2/tss"
)

type job struct {
	Kind      string                    // "keygen", "sign" or "reshare"
	Keys      []string                  // party keys of everybody in this run, decimal, ascending; reshare: of the old members
	Index     int                       // our position among them; reshare: in our committee
	Degree    int                       // tss-lib's threshold
	Share     keygen.LocalPartySaveData // keygen, and new members of reshare: only its pre-parameters count
	Message   string                    // sign: the digest, decimal
	Tweak     string                    // sign: decimal, or empty
	Child     [2]string                 // sign with a tweak: the child key's coordinates, decimal
	NewKeys   []string                  // reshare: party keys of the new members, decimal, ascending
	NewDegree int                       // reshare: of the new shares
	IsNew     bool                      // reshare: we are a new member
}

type message struct {
	From      int   // position
	FromNew   bool  // reshare: among the new members
	To        []int // positions; none for a broadcast
	Broadcast bool
	Body      []byte // base64
}

type result struct {
	Share     *keygen.LocalPartySaveData `json:",omitempty"`
	Signature string                     `json:",omitempty"` // r, s, recovery in hex
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	var work job
	read(in, &work)
	sorted := parties(work.Keys)
	fresh := parties(work.NewKeys)
	params := tss.NewParameters(tss.S256(), tss.NewPeerContext(sorted), us(work, sorted, fresh), len(sorted), work.Degree)
	out := make(chan tss.Message, 1000)
	shares := make(chan *keygen.LocalPartySaveData, 1)
	signatures := make(chan *common.SignatureData, 1)

	party := start(work, sorted, fresh, params, out, shares, signatures)
	go func() {
		for {
			var incoming message
			read(in, &incoming)
			from := sorted
			if incoming.FromNew {
				from = fresh
			}
			parsed, err := tss.ParseWireMessage(incoming.Body, from[incoming.From], incoming.Broadcast)
			check(err)
			if _, err := party.Update(parsed); err != nil {
				fail(err)
			}
		}
	}()
	for {
		select {
		case outgoing := <-out:
			write(work.Index, outgoing)
			continue
		default:
		}
		select {
		case outgoing := <-out:
			write(work.Index, outgoing)
		case share := <-shares:
			flush(work.Index, out)
			check(json.NewEncoder(os.Stdout).Encode(result{Share: share}))
			return
		case signature := <-signatures:
			flush(work.Index, out)
			text := hex.EncodeToString(append(append(signature.R, signature.S...), signature.SignatureRecovery...))
			check(json.NewEncoder(os.Stdout).Encode(result{Signature: text}))
			return
		}
	}
}

func parties(keys []string) tss.SortedPartyIDs {
	var ids tss.UnSortedPartyIDs
	for i, key := range keys {
		ids = append(ids, tss.NewPartyID(fmt.Sprint(i), fmt.Sprint(i), integer(key)))
	}
	return tss.SortPartyIDs(ids)
}

func us(work job, ids, fresh tss.SortedPartyIDs) *tss.PartyID {
	if work.IsNew {
		return fresh[work.Index]
	}
	return ids[work.Index]
}

func start(work job, ids, fresh tss.SortedPartyIDs, params *tss.Parameters, out chan tss.Message,
	shares chan *keygen.LocalPartySaveData, signatures chan *common.SignatureData) tss.Party {
	var party tss.Party
	switch {
	case work.Kind == "keygen":
		party = keygen.NewLocalParty(params, out, shares, work.Share.LocalPreParams)
	case work.Kind == "reshare":
		reshared := tss.NewReSharingParameters(tss.S256(), tss.NewPeerContext(ids), tss.NewPeerContext(fresh),
			us(work, ids, fresh), len(ids), work.Degree, len(fresh), work.NewDegree)
		share := work.Share
		if work.IsNew {
			share = keygen.NewLocalPartySaveData(len(fresh))
			share.LocalPreParams = work.Share.LocalPreParams
		}
		party = resharing.NewLocalParty(reshared, share, out, shares)
	case work.Tweak == "":
		key := keygen.BuildLocalSaveDataSubset(work.Share, ids)
		party = signing.NewLocalParty(integer(work.Message), params, key, out, signatures)
	default:
		keys := []keygen.LocalPartySaveData{keygen.BuildLocalSaveDataSubset(work.Share, ids)}
		child := &ecdsa.PublicKey{Curve: tss.S256(), X: integer(work.Child[0]), Y: integer(work.Child[1])}
		check(signing.UpdatePublicKeyAndAdjustBigXj(integer(work.Tweak), keys, child, tss.S256()))
		party = signing.NewLocalPartyWithKDD(integer(work.Message), params, keys[0], integer(work.Tweak), out, signatures)
	}
	go func() {
		if err := party.Start(); err != nil {
			fail(err)
		}
	}()
	return party
}

func flush(index int, out chan tss.Message) {
	for {
		select {
		case outgoing := <-out:
			write(index, outgoing)
		default:
			return
		}
	}
}

func write(index int, outgoing tss.Message) {
	body, _, err := outgoing.WireBytes()
	check(err)
	var to []int
	for _, id := range outgoing.GetTo() {
		to = append(to, id.Index)
	}
	check(json.NewEncoder(os.Stdout).Encode(message{From: index, To: to, Broadcast: outgoing.IsBroadcast(), Body: body}))
}

func read(in *bufio.Reader, into any) {
	line, err := in.ReadBytes('\n')
	if err != nil {
		os.Exit(0) // nobody is there any more
	}
	check(json.Unmarshal(line, into))
}

func integer(decimal string) *big.Int {
	value, ok := new(big.Int).SetString(decimal, 10)
	if !ok {
		panic("not an integer: " + decimal)
	}
	return value
}

func fail(err *tss.Error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
