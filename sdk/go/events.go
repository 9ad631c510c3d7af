package quorate

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"strings"
	"time"

	"quorate.invalid/sdk/internal/rest"
)

const (
	longestEvent = 1 << 20
	// The coordinator is heard every ten seconds.
	silence = 30 * time.Second
)

// Events are what happens in the sessions of this API key, until the context ends; it goes on where a broken connection ended.
// after is the entry to continue after; below 0, only what happens from now on is told. An event is news, not the state: that
// is what Session says. The sequence ends with an error when the coordinator refuses, or the context is over.
func (c *Client) Events(ctx context.Context, after int64) iter.Seq2[AuditEntry, error] {
	return func(yield func(AuditEntry, error) bool) {
		last := after
		for {
			err := c.stream(ctx, last, func(entry AuditEntry) bool {
				last = entry.Entry
				return yield(entry, nil)
			})
			if err == errStopped {
				return
			}
			if !isUnreachable(err) {
				yield(AuditEntry{}, err)
				return
			}
			if err := sleep(ctx, time.Second); err != nil {
				yield(AuditEntry{}, err)
				return
			}
		}
	}
}

var errStopped = fmt.Errorf("the reader has stopped")

// stream ends with an error, always: ErrUnreachable when it broke off.
func (c *Client) stream(ctx context.Context, after int64, take func(AuditEntry) bool) error {
	within, cancel := context.WithCancel(ctx)
	defer cancel()
	params := rest.StreamEventsParams{}
	if after >= 0 {
		params.After = &after
	}
	response, err := c.rest.StreamEvents(within, &params)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		body, _ := io.ReadAll(io.LimitReader(response.Body, largestAnswer))
		return refusal(response.StatusCode, body)
	}
	quiet := time.AfterFunc(silence, cancel)
	defer quiet.Stop()
	lines := bufio.NewScanner(response.Body)
	lines.Buffer(nil, longestEvent)
	for lines.Scan() {
		quiet.Reset(silence)
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		if !isData {
			continue
		}
		var entry AuditEntry
		if err := json.Unmarshal([]byte(data), &entry); err != nil {
			return fmt.Errorf("%w: an event is not as the document says", ErrUnreachable)
		}
		if !take(entry) {
			return errStopped
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return fmt.Errorf("%w: the stream broke off", ErrUnreachable)
}
