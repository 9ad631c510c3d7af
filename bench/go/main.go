// The peer we measure ourselves against: bnb-chain/tss-lib v2 itself, one thread, pre-parameters given.
//
//	tsslib <folder with keygen_data_*.json> <runs>
//
// All parties of a ceremony run in this process; the time of one party is the whole time divided by their number. One
// JSON object is printed: {"keygen":{"2-of-3":[ms...]},"sign":{...},"reshare":{...}}. Compiled natively and to GOOS=js GOARCH=wasm.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/bnb-chain/tss-lib/v2/common"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/keygen"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/resharing"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/signing"
	"github.com/bnb-chain/tss-lib/v2/tss"
)

type scheme struct{ t, n int } // t parties sign: tss-lib's threshold is t-1

func main() {
	runtime.GOMAXPROCS(1)
	prepared := load(os.Args[1])
	runs, err := strconv.Atoi(os.Args[2])
	check(err)
	schemes := []scheme{{2, 3}, {3, 5}}
	if len(os.Args) > 3 && os.Args[3] == "2-of-3" {
		schemes = schemes[:1]
	}
	result := map[string]map[string][]float64{"keygen": {}, "sign": {}, "reshare": {}}
	for _, s := range schemes {
		name := fmt.Sprintf("%d-of-%d", s.t, s.n)
		for range runs {
			started := time.Now()
			shares := runKeygen(s, prepared)
			result["keygen"][name] = append(result["keygen"][name], perParty(started, s.n))
			started = time.Now()
			runSigning(s, shares)
			result["sign"][name] = append(result["sign"][name], perParty(started, s.t))
			started = time.Now()
			runResharing(s, shares, prepared)
			result["reshare"][name] = append(result["reshare"][name], perParty(started, s.n))
		}
	}
	check(json.NewEncoder(os.Stdout).Encode(result))
}

func perParty(started time.Time, parties int) float64 {
	return float64(time.Since(started).Microseconds()) / 1000 / float64(parties)
}

func load(folder string) []keygen.LocalPartySaveData {
	files, err := filepath.Glob(filepath.Join(folder, "keygen_data_*.json"))
	check(err)
	var data []keygen.LocalPartySaveData
	for _, file := range files {
		text, err := os.ReadFile(file)
		check(err)
		var one keygen.LocalPartySaveData
		check(json.Unmarshal(text, &one))
		data = append(data, one)
	}
	return data
}

func seats(n int) tss.SortedPartyIDs {
	var ids tss.UnSortedPartyIDs
	for seat := 1; seat <= n; seat++ {
		label := strconv.Itoa(seat)
		ids = append(ids, tss.NewPartyID(label, label, big.NewInt(int64(seat))))
	}
	return tss.SortPartyIDs(ids)
}

func runKeygen(s scheme, prepared []keygen.LocalPartySaveData) []*keygen.LocalPartySaveData {
	ids := seats(s.n)
	out := make(chan tss.Message, 10000)
	end := make(chan *keygen.LocalPartySaveData, s.n)
	var parties []tss.Party
	for i, id := range ids {
		params := tss.NewParameters(tss.S256(), tss.NewPeerContext(ids), id, s.n, s.t-1)
		params.SetConcurrency(1)
		parties = append(parties, keygen.NewLocalParty(params, out, end, prepared[i].LocalPreParams))
	}
	shares := make([]*keygen.LocalPartySaveData, s.n)
	pump(parties, out, func() bool {
		select {
		case share := <-end:
			index, err := share.OriginalIndex()
			check(err)
			shares[index] = share
		default:
		}
		for _, share := range shares {
			if share == nil {
				return false
			}
		}
		return true
	})
	return shares
}

func runSigning(s scheme, shares []*keygen.LocalPartySaveData) {
	ids := seats(s.n)[:s.t]
	out := make(chan tss.Message, 10000)
	end := make(chan *common.SignatureData, s.t)
	var parties []tss.Party
	digest := new(big.Int).SetBytes([]byte("a digest of thirty-two bytes !!!"))
	for i, id := range ids {
		params := tss.NewParameters(tss.S256(), tss.NewPeerContext(ids), id, s.t, s.t-1)
		params.SetConcurrency(1)
		parties = append(parties, signing.NewLocalParty(digest, params, *shares[i], out, end))
	}
	finished := 0
	pump(parties, out, func() bool {
		select {
		case <-end:
			finished++
		default:
		}
		return finished == s.t
	})
}

// runResharing has the first t members hand the key to n new ones, with given pre-parameters.
func runResharing(s scheme, shares []*keygen.LocalPartySaveData, prepared []keygen.LocalPartySaveData) {
	old := seats(s.n)[:s.t]
	var unsorted tss.UnSortedPartyIDs
	for seat := 1; seat <= s.n; seat++ {
		label := "new " + strconv.Itoa(seat)
		unsorted = append(unsorted, tss.NewPartyID(label, label, big.NewInt(int64(1<<16+seat))))
	}
	fresh := tss.SortPartyIDs(unsorted)
	out := make(chan tss.Message, 10000)
	end := make(chan *keygen.LocalPartySaveData, s.n+s.t)
	var parties []tss.Party
	join := func(id *tss.PartyID, save keygen.LocalPartySaveData) {
		params := tss.NewReSharingParameters(tss.S256(), tss.NewPeerContext(old), tss.NewPeerContext(fresh), id,
			s.t, s.t-1, s.n, s.t-1)
		params.SetConcurrency(1)
		parties = append(parties, resharing.NewLocalParty(params, save, out, end))
	}
	for i, id := range old {
		join(id, *shares[i])
	}
	for i, id := range fresh {
		save := keygen.NewLocalPartySaveData(s.n)
		save.LocalPreParams = prepared[i].LocalPreParams
		join(id, save)
	}
	finished := 0
	pump(parties, out, func() bool {
		select {
		case <-end:
			finished++
		default:
		}
		return finished == s.t+s.n
	})
}

// pump carries messages until done, one at a time, so that the time measured is computation.
func pump(parties []tss.Party, out chan tss.Message, done func() bool) {
	for _, party := range parties {
		if err := party.Start(); err != nil {
			panic(err)
		}
	}
	for !done() {
		select {
		case message := <-out:
			deliver(parties, message)
		default:
			runtime.Gosched()
		}
	}
}

func deliver(parties []tss.Party, message tss.Message) {
	wire, _, err := message.WireBytes()
	check(err)
	from := message.GetFrom()
	for _, party := range parties {
		if party.PartyID() == from || !isFor(message.GetTo(), party.PartyID()) {
			continue
		}
		parsed, err := tss.ParseWireMessage(wire, from, message.IsBroadcast())
		check(err)
		if _, err := party.Update(parsed); err != nil {
			panic(err)
		}
	}
}

// isFor: without a list it is for everybody. Keys tell parties apart in both committees of a resharing.
func isFor(to []*tss.PartyID, id *tss.PartyID) bool {
	for _, one := range to {
		if bytes.Equal(one.Key, id.Key) {
			return true
		}
	}
	return to == nil
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
