package quorate

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"

	"quorate.invalid/sdk/internal/rest"
)

type vectors struct {
	Session, PublicKey, Share, Pin string
	Orders                         []struct {
		Epoch   int
		Content struct{ Type, Message, Unsigned string }
		Order   string
	}
	CallKey    rest.UserShareKey
	GivenShare rest.UserShare
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("../vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var read vectors
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	return read
}

func unhex(t *testing.T, text string) []byte {
	t.Helper()
	read, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestOrdersAreThoseOfTheCoordinator(t *testing.T) {
	given := readVectors(t)
	share := OpenedShare{unhex(t, given.Share)}
	for _, each := range given.Orders {
		body, err := base64.StdEncoding.DecodeString(each.Content.Message + each.Content.Unsigned)
		if err != nil {
			t.Fatal(err)
		}
		order, err := share.order(given.Session, each.Epoch, Content{each.Content.Type, body})
		if err != nil {
			t.Fatal(err)
		}
		if hex.EncodeToString(order) != each.Order {
			t.Errorf("%s: %x", each.Content.Type, order)
		}
	}
}

func TestAKeyThatThePinnedCoordinatorHasNotSignedIsRefused(t *testing.T) {
	given := readVectors(t)
	pin, err := ParsePin(given.Pin)
	if err != nil {
		t.Fatal(err)
	}
	before := time.UnixMilli(given.CallKey.ExpiresAtMs - 1)
	if err := pin.checkKey(given.CallKey, before); err != nil {
		t.Fatal(err)
	}
	if err := pin.checkKey(given.CallKey, before.Add(time.Millisecond)); !errors.Is(err, ErrNotVouched) {
		t.Error("an expired key was taken")
	}
	for name, change := range map[string]func(*rest.UserShareKey){
		"id":        func(key *rest.UserShareKey) { key.KeyId = strings.Repeat("00", 16) },
		"recipient": func(key *rest.UserShareKey) { key.Recipient += "q" },
		"expiry":    func(key *rest.UserShareKey) { key.ExpiresAtMs++ },
		"signature": func(key *rest.UserShareKey) { key.HostSignature = strings.Repeat("00", 64) },
	} {
		changed := given.CallKey
		change(&changed)
		if err := pin.checkKey(changed, before); !errors.Is(err, ErrNotVouched) {
			t.Errorf("a key with another %s was taken", name)
		}
	}
}

func TestAShareThatWasMadeForSomebodyElseIsRefused(t *testing.T) {
	given := readVectors(t)
	pin, err := ParsePin(given.Pin)
	if err != nil {
		t.Fatal(err)
	}
	if err := pin.checkShare(given.GivenShare, given.CallKey.Recipient); err != nil {
		t.Fatal(err)
	}
	if err := pin.checkShare(given.GivenShare, given.CallKey.Recipient+"q"); !errors.Is(err, ErrNotVouched) {
		t.Error("a share for another recipient was taken")
	}
	given.GivenShare.UserShare += " "
	if err := pin.checkShare(given.GivenShare, given.CallKey.Recipient); !errors.Is(err, ErrNotVouched) {
		t.Error("another file was taken")
	}
}

func TestAFileOpensWithItsKeyOnlyAndNothingPrintsIt(t *testing.T) {
	given := readVectors(t)
	key, err := NewUserKey()
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewUserKey()
	if err != nil {
		t.Fatal(err)
	}
	file := sealed(t, key, unhex(t, given.Share))
	opened, err := key.openOf(given.PublicKey, file)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{fmt.Sprintf("%v %+v %#v %s", opened, opened, opened, opened), fmt.Sprintf("%v %+v %#v", key, key, key)} {
		if strings.Contains(printed, given.Share[40:80]) || strings.Contains(printed, key.Secret()) {
			t.Errorf("it was printed: %s", printed)
		}
	}
	wrong := map[string]func() error{
		"another key":    func() error { _, err := other.Open(file); return err },
		"another wallet": func() error { _, err := key.openOf(strings.Repeat("02", 33), file); return err },
		"a cut file":     func() error { _, err := key.Open(file[:len(file)/2]); return err },
		"another secret": func() error { _, err := key.Open(sealed(t, key, []byte("a diary"))); return err },
		"no file":        func() error { _, err := key.Open("hello"); return err },
	}
	for name, open := range wrong {
		if err := open(); !errors.Is(err, ErrBadShare) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func sealed(t *testing.T, key UserKey, plain []byte) string {
	t.Helper()
	var file bytes.Buffer
	text := armor.NewWriter(&file)
	writer, err := age.Encrypt(text, key.identity.Recipient())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = writer.Write(plain)
	_ = writer.Close()
	_ = text.Close()
	return file.String()
}
