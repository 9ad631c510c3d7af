// Package quorate is for back-ends: it orders, watches and signs with wallets that several parties own together. Begin with
// NewClient, CreateWallet and SignWallet.
package quorate

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"quorate.invalid/sdk/internal/rest"
)

// What the calls take and give, as the coordinator's document has it.
type (
	Account            = rest.Account
	AuditEntry         = rest.AuditEntry
	ConfirmUserShare   = rest.ConfirmUserShare
	OrderedParticipant = rest.OrderedParticipant
	OrderedSession     = rest.OrderedSession
	Reshare            = rest.Reshare
	Session            = rest.Session
	Signature          = rest.Signature
	UserShare          = rest.UserShare
)

const (
	largestAnswer = 4 << 20
	// A coordinator that takes part for a user answers within 280 seconds.
	ceremonyTimeout = 5 * time.Minute
	lifeSeconds     = 600
)

// Config names a coordinator.
type Config struct {
	BaseURL string
	// APIKey is one of the coordinator's API_KEYS. It is sent in a header and stands in no error.
	APIKey string
	// Timeout of a call, 30 seconds if it is 0; calls in which the coordinator computes have five minutes.
	Timeout time.Duration
	// HTTPClient is what calls go out by; http.DefaultClient if it is nil.
	HTTPClient *http.Client
}

// Client calls one coordinator. It is safe for concurrent use.
type Client struct {
	rest    *rest.Client
	timeout time.Duration
}

// NewClient checks nothing but the address; the first call says whether the coordinator is there.
func NewClient(config Config) (*Client, error) {
	doer := config.HTTPClient
	if doer == nil {
		doer = http.DefaultClient
	}
	withKey := func(_ context.Context, request *http.Request) error {
		request.Header.Set("X-API-Key", config.APIKey)
		if request.Method == http.MethodPost {
			request.Header.Set("Content-Type", "application/json")
		}
		return nil
	}
	client, err := rest.NewClient(config.BaseURL, rest.WithHTTPClient(doer), rest.WithRequestEditorFn(withKey))
	if err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	timeout := config.Timeout
	if timeout == 0 {
		timeout = 30 * time.Second
	}
	return &Client{client, timeout}, nil
}

// CreateKeygen orders a new wallet. The first participant opens the session.
func (c *Client) CreateKeygen(ctx context.Context, participants []OrderedParticipant, threshold int) (*OrderedSession, error) {
	life := lifeSeconds
	order := rest.KeygenOrder{ThresholdN: len(participants), ThresholdT: threshold, Participants: participants, LifeSeconds: &life}
	key := newIdempotencyKey()
	return repeated[OrderedSession](ctx, c, func(ctx context.Context) (*http.Response, error) {
		return c.rest.OrderKeygen(ctx, &rest.OrderKeygenParams{IdempotencyKey: &key}, order)
	})
}

// Sign orders a signature of this content by these holders of the account; the first opens the session.
func (c *Client) Sign(ctx context.Context, accountID string, content Content, participants []string) (*OrderedSession, error) {
	life := lifeSeconds
	wire, err := content.wire()
	if err != nil {
		return nil, err
	}
	order := rest.SignatureOrder{AccountId: accountID, Content: wire, Participants: participants, LifeSeconds: &life}
	key := newIdempotencyKey()
	return repeated[OrderedSession](ctx, c, func(ctx context.Context) (*http.Response, error) {
		return c.rest.OrderSignature(ctx, &rest.OrderSignatureParams{IdempotencyKey: &key}, order)
	})
}

// Session is the state of an ordered session, and its result.
func (c *Client) Session(ctx context.Context, id string) (*Session, error) {
	return repeated[Session](ctx, c, func(ctx context.Context) (*http.Response, error) { return c.rest.GetSession(ctx, id) })
}

// Completed waits until a session has a result. Its error is a *SessionEnded when there will be none.
func (c *Client) Completed(ctx context.Context, id string) (*Session, error) {
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		session, err := c.Session(ctx, id)
		if err != nil {
			return nil, err
		}
		switch session.Status {
		case "completed":
			return session, nil
		case "failed", "expired":
			ended := &SessionEnded{SessionID: id, Status: string(session.Status)}
			if session.Failure != nil {
				ended.Detail = session.Failure.Detail
			}
			return nil, ended
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// Reshare is how far new shares of an account's wallet are.
func (c *Client) Reshare(ctx context.Context, id string) (*Reshare, error) {
	return repeated[Reshare](ctx, c, func(ctx context.Context) (*http.Response, error) { return c.rest.GetReshare(ctx, id) })
}

// Reshares are those of an account, the newest first.
func (c *Client) Reshares(ctx context.Context, accountID string) ([]Reshare, error) {
	found, err := repeated[rest.Reshares](ctx, c, func(ctx context.Context) (*http.Response, error) {
		return c.rest.ListReshares(ctx, accountID)
	})
	if err != nil {
		return nil, err
	}
	return found.Reshares, nil
}

// Committed waits until new shares are those that sign. Its error is a *SessionEnded when they never will.
func (c *Client) Committed(ctx context.Context, id string) (*Reshare, error) {
	for pause := 50 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		reshare, err := c.Reshare(ctx, id)
		if err != nil {
			return nil, err
		}
		switch reshare.Status {
		case "committed", "done":
			return reshare, nil
		case "aborted", "expired":
			ended := &SessionEnded{SessionID: id, Status: string(reshare.Status)}
			if reshare.Failure != nil {
				ended.Detail = reshare.Failure.Detail
			}
			return nil, ended
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// GenerateUserShare has the coordinator make the share of the ordered session's first participant, encrypted to recipient. It
// takes as long as a search for primes. The wallet counts once ConfirmUserShare has said that the share is stored.
func (c *Client) GenerateUserShare(ctx context.Context, sessionID, joinToken, recipient, walletName string) (*UserShare, error) {
	body := rest.GenerateUserShare{SessionId: sessionID, JoinToken: joinToken, Recipient: recipient, WalletName: &walletName}
	return once[UserShare](ctx, ceremonyTimeout, func(ctx context.Context) (*http.Response, error) {
		return c.rest.GenerateUserShare(ctx, body)
	})
}

// ConfirmUserShare makes the wallet active.
func (c *Client) ConfirmUserShare(ctx context.Context, confirmation ConfirmUserShare) (*Session, error) {
	return once[Session](ctx, c.timeout, func(ctx context.Context) (*http.Response, error) {
		return c.rest.ConfirmUserShare(ctx, confirmation)
	})
}

// CreateAccount registers a finished wallet.
func (c *Client) CreateAccount(ctx context.Context, sessionID, name string) (*Account, error) {
	key := newIdempotencyKey()
	return repeated[Account](ctx, c, func(ctx context.Context) (*http.Response, error) {
		return c.rest.CreateAccount(ctx, &rest.CreateAccountParams{IdempotencyKey: &key}, rest.NewAccount{SessionId: sessionID, Name: name})
	})
}

// Account is one of this API key's.
func (c *Client) Account(ctx context.Context, id string) (*Account, error) {
	return repeated[Account](ctx, c, func(ctx context.Context) (*http.Response, error) { return c.rest.GetAccount(ctx, id) })
}

// Accounts are all of this API key.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	found, err := repeated[rest.Accounts](ctx, c, func(ctx context.Context) (*http.Response, error) { return c.rest.ListAccounts(ctx) })
	if err != nil {
		return nil, err
	}
	return found.Accounts, nil
}

// Suspend lets nobody order signatures for this account.
func (c *Client) Suspend(ctx context.Context, id string) (*Account, error) {
	return repeated[Account](ctx, c, func(ctx context.Context) (*http.Response, error) { return c.rest.SuspendAccount(ctx, id) })
}

// Resume lets signatures be ordered again.
func (c *Client) Resume(ctx context.Context, id string) (*Account, error) {
	return repeated[Account](ctx, c, func(ctx context.Context) (*http.Response, error) { return c.rest.ResumeAccount(ctx, id) })
}

// Audit is a page of the audit log, oldest first, after this entry.
func (c *Client) Audit(ctx context.Context, after int64, limit int) ([]AuditEntry, error) {
	params := rest.QueryAuditParams{After: &after, Limit: &limit}
	found, err := repeated[rest.AuditEntries](ctx, c, func(ctx context.Context) (*http.Response, error) { return c.rest.QueryAudit(ctx, &params) })
	if err != nil {
		return nil, err
	}
	return found.Entries, nil
}

// repeated is for calls that may be sent again when no answer came: those that only look, and those under an idempotency key.
func repeated[T any](ctx context.Context, c *Client, call func(context.Context) (*http.Response, error)) (*T, error) {
	for _, pause := range []time.Duration{200 * time.Millisecond, time.Second} {
		answer, err := once[T](ctx, c.timeout, call)
		if !isUnreachable(err) {
			return answer, err
		}
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
	return once[T](ctx, c.timeout, call)
}

func once[T any](ctx context.Context, timeout time.Duration, call func(context.Context) (*http.Response, error)) (*T, error) {
	within, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	response, err := call(within)
	if err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, largestAnswer))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if response.StatusCode >= 300 {
		return nil, refusal(response.StatusCode, body)
	}
	var answer T
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, fmt.Errorf("%w: the answer is not as the document says", ErrUnreachable)
	}
	return &answer, nil
}

func refusal(status int, body []byte) error {
	var said rest.Refused
	if err := json.Unmarshal(body, &said); err != nil || said.Error.Reason == "" {
		return fmt.Errorf("%w: HTTP %d, from something that is no coordinator", ErrUnreachable, status)
	}
	refused := &Refused{Status: status, Code: string(said.Error.Code), Reason: string(said.Error.Reason), Message: said.Error.Message}
	if said.Error.Cause != nil {
		refused.Cause = string(*said.Error.Cause)
	}
	return refused
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func newIdempotencyKey() string {
	var key [16]byte
	_, _ = rand.Read(key[:]) // never fails (crypto/rand)
	return hex.EncodeToString(key[:])
}
