package quorate

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"

	"quorate.invalid/sdk/internal/rest"
)

// User is who owns a share: under which name, with which key, and which coordinator's word counts.
type User struct {
	Name string
	Key  UserKey
	Pin  Pin
}

// CreateWallet makes a wallet of this user and server parties. It calls store with the share's file, which has to be kept,
// durably, before store returns: only then the wallet is confirmed. ErrNotVouched: somebody in between; nothing is confirmed.
func (c *Client) CreateWallet(
	ctx context.Context, user User, servers []string, threshold int, name string, store func(file string) error,
) (*Account, error) {
	server := rest.ParticipantType("server")
	participants := []OrderedParticipant{{PartyId: user.Name}}
	for _, each := range servers {
		participants = append(participants, OrderedParticipant{PartyId: each, Type: &server})
	}
	ordered, err := c.CreateKeygen(ctx, participants, threshold)
	if err != nil {
		return nil, err
	}
	token := ordered.JoinTokens[user.Name]
	share, err := c.GenerateUserShare(ctx, ordered.SessionId, token, user.Key.Recipient(), name)
	if err != nil {
		return nil, err
	}
	if err := user.Pin.checkShare(*share, user.Key.Recipient()); err != nil {
		return nil, err
	}
	opened, err := user.Key.openOf(share.PublicKey, share.UserShare)
	if err != nil {
		return nil, err
	}
	opened.Erase()
	if err := store(share.UserShare); err != nil {
		return nil, fmt.Errorf("the share was not stored, so the wallet is not confirmed: %w", err)
	}
	stored := ConfirmUserShare{SessionId: ordered.SessionId, JoinToken: token, Confirmation: share.Confirmation}
	if _, err := c.ConfirmUserShare(ctx, stored); err != nil {
		return nil, err
	}
	if _, err := c.Completed(ctx, ordered.SessionId); err != nil {
		return nil, err
	}
	return c.CreateAccount(ctx, ordered.SessionId, name)
}

// Recover makes a new share for a user who has lost the old one, by an invitation from a member of the wallet, such as a server
// party that its operator started with --recover. The wallet's key and addresses stay. It calls store with the new share's file,
// which has to be kept, durably, before store returns: only then the old shares are given up. The account has its new epoch,
// which SignWallet needs. ErrNotVouched, ErrBadShare: nothing is confirmed, and the old shares sign.
func (c *Client) Recover(
	ctx context.Context, account *Account, user User, invitation string, store func(file string) error,
) (*Account, error) {
	asked := rest.Recover{Invitation: invitation, Recipient: user.Key.Recipient()}
	share, err := once[UserShare](ctx, ceremonyTimeout, func(ctx context.Context) (*http.Response, error) {
		return c.rest.RecoverUserShare(ctx, account.AccountId, asked)
	})
	if err != nil {
		return nil, err
	}
	if err := user.Pin.checkShare(*share, user.Key.Recipient()); err != nil {
		return nil, err
	}
	opened, err := user.Key.openOf(account.PublicKey, share.UserShare)
	if err != nil {
		return nil, err
	}
	opened.Erase()
	if err := store(share.UserShare); err != nil {
		return nil, fmt.Errorf("the share was not stored, so the old shares sign as before: %w", err)
	}
	stored := rest.ConfirmRecovery{Invitation: invitation, Confirmation: share.Confirmation}
	if _, err := once[Reshare](ctx, c.timeout, func(ctx context.Context) (*http.Response, error) {
		return c.rest.ConfirmRecovery(ctx, account.AccountId, stored)
	}); err != nil {
		return nil, err
	}
	if _, err := c.Committed(ctx, share.SessionId); err != nil {
		return nil, err
	}
	return c.Account(ctx, account.AccountId)
}

// SignWallet signs this content, and nothing else, with the user's share and server parties. file is what store was given.
func (c *Client) SignWallet(
	ctx context.Context, account *Account, user User, servers []string, content Content, file string,
) (*Signature, error) {
	opened, err := user.Key.openOf(account.PublicKey, file)
	if err != nil {
		return nil, err
	}
	defer opened.Erase()
	ordered, err := c.Sign(ctx, account.AccountId, content, append([]string{user.Name}, servers...))
	if err != nil {
		return nil, err
	}
	key, err := once[rest.UserShareKey](ctx, c.timeout, func(ctx context.Context) (*http.Response, error) {
		return c.rest.PublishUserShareKey(ctx)
	})
	if err != nil {
		return nil, err
	}
	if err := user.Pin.checkKey(*key, time.Now()); err != nil {
		return nil, err
	}
	sealed, err := opened.sealedOrder(ordered.SessionId, account.Epoch, content, *key)
	if err != nil {
		return nil, err
	}
	wire, err := content.wire()
	if err != nil {
		return nil, err
	}
	body := rest.SignWithUserShare{
		SessionId: ordered.SessionId, JoinToken: ordered.JoinTokens[user.Name],
		KeyId: key.KeyId, UserShare: sealed, Content: wire,
	}
	signed, err := once[rest.SignedSession](ctx, ceremonyTimeout, func(ctx context.Context) (*http.Response, error) {
		return c.rest.SignWithUserShare(ctx, body)
	})
	if err != nil {
		return nil, err
	}
	return &signed.Signature, nil
}

func (k UserKey) openOf(publicKey, file string) (*OpenedShare, error) {
	opened, err := k.Open(file)
	if err != nil {
		return nil, err
	}
	if hex.EncodeToString(opened.PublicKey()) != publicKey {
		opened.Erase()
		return nil, ErrBadShare
	}
	return opened, nil
}

func isUnreachable(err error) bool { return errors.Is(err, ErrUnreachable) }
