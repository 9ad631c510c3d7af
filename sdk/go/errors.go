package quorate

import (
	"errors"
	"fmt"
)

// Refused is the coordinator's refusal of a call; nothing was changed. Go by Reason, which is one of a closed set
// (RefusalReason of the document); Message is for people and may change.
type Refused struct {
	Status  int
	Code    string
	Reason  string
	Message string
	// Cause says more where another party refused: one of a closed set too, empty otherwise.
	Cause string
}

func (r *Refused) Error() string {
	return fmt.Sprintf("%s (%s, HTTP %d)", r.Message, r.Reason, r.Status)
}

// SessionEnded says that a session came to an end without a result: Status is failed or expired. No money has moved.
type SessionEnded struct {
	SessionID string
	Status    string
	// Detail is the word of the participant that ended it.
	Detail string
}

func (e *SessionEnded) Error() string {
	return fmt.Sprintf("session %s %s: %s", e.SessionID, e.Status, e.Detail)
}

var (
	// ErrNotVouched says that a key or a share is not signed by the coordinator that was pinned. Somebody in between may have
	// put in his own: stop.
	ErrNotVouched = errors.New("not signed by the coordinator that is pinned")
	// ErrBadShare says that a file is not the share of this wallet, or not encrypted to this key.
	ErrBadShare = errors.New("not the share of this wallet, or not encrypted to this key")
	// ErrUnreachable says that no answer of a coordinator came. What was asked for may have happened.
	ErrUnreachable = errors.New("no answer from the coordinator")
)
