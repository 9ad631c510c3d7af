// The example makes a wallet of one user and two server parties, signs a message with one of them, recovers the user's share,
// signs again, and prints its address as JSON. QUORATE_URL, QUORATE_API_KEY and QUORATE_PIN name the coordinator: its address, a key of API_KEYS, the pin of its log.
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/decred/dcrd/dcrec/secp256k1/v4/ecdsa"

	quorate "quorate.invalid/sdk"
)

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	client, err := quorate.NewClient(quorate.Config{BaseURL: os.Getenv("QUORATE_URL"), APIKey: os.Getenv("QUORATE_API_KEY")})
	must(err)
	pin, err := quorate.ParsePin(os.Getenv("QUORATE_PIN"))
	must(err)
	key, err := quorate.NewUserKey()
	must(err)
	user := quorate.User{Name: "alice", Key: key, Pin: pin}
	folder, err := os.MkdirTemp("", "quorate")
	must(err)
	shareFile := filepath.Join(folder, "share.age")
	before, err := client.Audit(ctx, 0, 1000)
	must(err)
	var last int64
	for _, entry := range before {
		last = entry.Entry
	}

	account, err := client.CreateWallet(ctx, user, []string{"server-1", "server-2"}, 2, "Go", func(file string) error {
		// A real program keeps it where it outlives the machine, and returns only then.
		return os.WriteFile(shareFile, []byte(file), 0o600)
	})
	must(err)
	// Another day, on another machine: whoever has the file and the key signs.
	file, err := os.ReadFile(shareFile)
	must(err)
	message := []byte("ten pints of milk")
	signature, err := client.SignWallet(ctx, account, user, []string{"server-2"}, quorate.EthereumMessage(message), string(file))
	must(err)

	address, err := quorate.Address(account.PublicKey)
	must(err)

	// The user's device is lost, with file and key. Whoever runs a server party invites the user to the place (--recover), and
	// the link comes by mail; here it is a line on standard input. Key and address stay.
	print(map[string]any{"lost": account.PublicKey})
	invitation, err := bufio.NewReader(os.Stdin).ReadString('\n')
	must(err)
	user.Key, err = quorate.NewUserKey()
	must(err)
	recovered, err := client.Recover(ctx, account, user, strings.TrimSpace(invitation), func(file string) error {
		return os.WriteFile(shareFile, []byte(file), 0o600)
	})
	must(err)
	file, err = os.ReadFile(shareFile)
	must(err)
	again, err := client.SignWallet(ctx, recovered, user, []string{"server-2"}, quorate.EthereumMessage(message), string(file))
	must(err)

	var heard []string
	for entry, err := range client.Events(ctx, last) {
		must(err)
		if entry.Reshare != nil && *entry.AccountId == account.AccountId {
			heard = append(heard, "reshare "+string(*entry.Reshare))
		} else if entry.SessionId == account.SessionId {
			heard = append(heard, entry.Event)
		}
		if entry.Reshare != nil && *entry.Reshare == "committed" {
			break
		}
	}
	print(map[string]any{
		"address": address, "verified": isOf(account.PublicKey, message, signature), "events": heard,
		"recovered": recovered.Epoch > account.Epoch && isOf(account.PublicKey, message, again),
	})
}

func print(line map[string]any) { must(json.NewEncoder(os.Stdout).Encode(line)) }

// isOf asks another library.
func isOf(publicKey string, message []byte, signature *quorate.Signature) bool {
	rs, err := hex.DecodeString(signature.R + signature.S)
	must(err)
	compact := append([]byte{byte(31 + signature.Recovery)}, rs...)
	key, _, err := ecdsa.RecoverCompact(compact, quorate.MessageHash(message))
	must(err)
	return hex.EncodeToString(key.SerializeCompressed()) == publicKey
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
