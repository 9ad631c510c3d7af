package quorate

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

const secretKey = "a key that stands in no error"

func serving(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	client, err := NewClient(Config{BaseURL: server.URL, APIKey: secretKey})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func TestARefusalSaysItsReason(t *testing.T) {
	client := serving(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"error":{"code":"NotFound","reason":"a_reason_of_next_year","message":"no such session"}}`)
	})
	_, err := client.Session(context.Background(), strings.Repeat("0", 32))
	var refused *Refused
	if !errors.As(err, &refused) || refused.Reason != "a_reason_of_next_year" || refused.Status != http.StatusNotFound {
		t.Fatal(err)
	}
}

func TestWhatMakesSomethingIsRepeatedUnderOneIdempotencyKey(t *testing.T) {
	var tries atomic.Int32
	keys := make(chan string, 3)
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		keys <- r.Header.Get("Idempotency-Key")
		if tries.Add(1) < 3 {
			panic(http.ErrAbortHandler)
		}
		w.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprint(w, `{"session_id":"00","join_tokens":{},"seats":{},"status":"created","expires_at_ms":1,"of_next_year":1}`)
	})
	if _, err := client.CreateKeygen(context.Background(), []OrderedParticipant{{PartyId: "alice"}}, 2); err != nil {
		t.Fatal(err)
	}
	first, second, third := <-keys, <-keys, <-keys
	if first == "" || first != second || second != third {
		t.Error(first, second, third)
	}
}

func TestWhatComputesIsSentOnce(t *testing.T) {
	var tries atomic.Int32
	client := serving(t, func(http.ResponseWriter, *http.Request) {
		tries.Add(1)
		panic(http.ErrAbortHandler)
	})
	_, err := client.GenerateUserShare(context.Background(), "00", "token", "age1", "Till")
	if !errors.Is(err, ErrUnreachable) || strings.Contains(err.Error(), secretKey) {
		t.Error(err)
	}
	// Go's own transport repeats a POST only when nothing of it was sent.
	if tries.Load() != 1 {
		t.Errorf("sent %d times", tries.Load())
	}
}

func TestEventsGoOnWhereAStreamBrokeOff(t *testing.T) {
	var asked atomic.Int64
	asked.Store(-1)
	client := serving(t, func(w http.ResponseWriter, r *http.Request) {
		var after int64 = 4
		if text := r.URL.Query().Get("after"); text != "" {
			_, _ = fmt.Sscan(text, &after)
			asked.Store(after)
		}
		_, _ = fmt.Fprintf(w, ": quiet\n\nid: %d\nevent: session\ndata: {\"entry\":%d,\"event\":\"joined\"}\n\n", after+1, after+1)
	})
	var entries []int64
	for entry, err := range client.Events(context.Background(), -1) {
		if err != nil {
			t.Fatal(err)
		}
		if entries = append(entries, entry.Entry); len(entries) == 2 {
			break
		}
	}
	if entries[0] != 5 || entries[1] != 6 || asked.Load() != 5 {
		t.Error(entries, asked.Load())
	}
}
