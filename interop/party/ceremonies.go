package main

import (
	"bytes"
	"context"
	"crypto/elliptic"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"os"
	"time"

	"github.com/bnb-chain/tss-lib/v2/common"
	"github.com/bnb-chain/tss-lib/v2/ecdsa/keygen"

	pb "quorate.invalid/interop/gen"
)

// wallet is the plaintext of a sealed share (SPEC 9).
type wallet struct {
	Format      int                       `json:"format"`
	Name        string                    `json:"name"`
	CreatedAtMs int64                     `json:"createdAtMs"`
	Epoch       int                       `json:"epoch"`
	Threshold   int                       `json:"threshold"`
	Seats       []publicIdentity          `json:"seats"`
	SaveData    keygen.LocalPartySaveData `json:"saveData"`
}

func (w *wallet) publicKey() []byte {
	return elliptic.MarshalCompressed(w.SaveData.ECDSAPub.Curve(), w.SaveData.ECDSAPub.X(), w.SaveData.ECDSAPub.Y())
}

// join follows an invitation to a new wallet (SPEC 8.1).
func join(ctx context.Context, me *identity, given flags) error {
	prepared, err := readJSON[keygen.LocalPreParams](given.prepared)
	if err != nil {
		return err
	}
	invited, err := readInvitation(given.invitation)
	if err != nil {
		return err
	}
	c, err := dial(given.coordinator)
	if err != nil {
		return err
	}
	s, err := c.look(ctx, me, invited.sessionHex, invited.token)
	if err != nil {
		return err
	}
	if !bytes.Equal(s.creator.fingerprint(), invited.creator) {
		return errors.New("the session was created by whoever sent the invitation")
	}
	if s.number != invited.seat {
		return errors.New("the coordinator seats us where the invitation says")
	}
	var asked keygenProposal
	if err := read("proposal", s.proposal, &asked); err != nil {
		return err
	}
	if err := s.isOurs(asked.Protocol, asked.Session, version, namingVersion); err != nil {
		return err
	}
	stated := terms{Software: given.software, Kind: "keygen", Threshold: asked.Threshold, Parties: asked.Parties, WalletName: asked.WalletName}
	if err := s.join(stated, invited.secret); err != nil {
		return err
	}
	if err := s.makeWallet(asked, *prepared, given.share); err != nil {
		s.fail(err)
		return err
	}
	return nil
}

func (s *seat) makeWallet(asked keygenProposal, prepared keygen.LocalPreParams, file string) error {
	now, err := s.until(func(now *pb.Session) bool { return len(now.Roster) > 0 })
	if err != nil {
		return err
	}
	r, err := s.verifiedRoster(now)
	if err != nil {
		return err
	}
	code, err := s.openCode(r)
	if err != nil {
		return err
	}
	if !agreed(map[string]string{"checkCode": code}) {
		return errors.New("check codes are the same for everybody")
	}
	approval := s.me.sign("approval", r.approvalBytes(s.number))
	if _, err := s.sessions.MarkReady(s.ctx, &pb.MarkReadyRequest{SessionId: s.id, Approval: approval}); err != nil {
		return err
	}
	now, err = s.until(func(now *pb.Session) bool {
		return now.State >= pb.SessionState_SESSION_STATE_IN_PROGRESS && now.Run > 0
	})
	if err != nil {
		return err
	}
	if !bytes.Equal(now.Roster, canonical(r)) {
		return errors.New("roster is the one that we approved")
	}
	keys := make([]*big.Int, len(r.Seats))
	seats := make([]publicIdentity, len(r.Seats))
	for i, each := range r.Seats {
		if !each.Identity.signed("approval", r.approvalBytes(each.Seat), participant(now, each.Seat).GetApproval()) {
			return fmt.Errorf("party %d has approved this roster", each.Seat)
		}
		keys[i], seats[i] = big.NewInt(int64(each.Seat)), each.Identity
	}

	mail := s.runMailbox(s.ctx, r, keygenRounds)
	share, err := newRun(mail, keys, r.Threshold).keygen(s.ctx, prepared)
	if err != nil {
		return err
	}
	made := &wallet{1, asked.WalletName, time.Now().UnixMilli(), 0, r.Threshold, seats, *share}
	pending := file + ".pending"
	if err := store(pending, made); err != nil {
		return err
	}
	if err := s.confirm(r, made.publicKey(), mail.transcript()); err != nil {
		return err
	}
	if err := os.Rename(pending, file); err != nil {
		return err
	}
	print(map[string]string{"publicKey": hex.EncodeToString(made.publicKey())})
	return nil
}

// confirm says that our share is stored, and waits until everybody has said the same of theirs.
func (s *seat) confirm(r *roster, result, transcript []byte) error {
	own := r.confirmation(s.me, s.number, result, transcript)
	if err := s.report(s.ctx, &pb.ReportCompletionRequest{Outcome: &pb.ReportCompletionRequest_Confirmation{Confirmation: own}}); err != nil {
		return err
	}
	now, err := s.until(func(now *pb.Session) bool { return now.State == pb.SessionState_SESSION_STATE_COMPLETED })
	if err != nil {
		return err
	}
	for _, each := range r.Seats {
		if err := r.confirmed(each.Seat, participant(now, each.Seat).GetConfirmation(), result, transcript); err != nil {
			return err
		}
	}
	return nil
}

// answer waits for the first request to sign with our wallet, and signs (SPEC 8.3).
func answer(ctx context.Context, me *identity, given flags) error {
	ours, err := readJSON[wallet](given.share)
	if err != nil {
		return err
	}
	c, err := dial(given.coordinator)
	if err != nil {
		return err
	}
	offered, err := c.firstOffer(ctx, me)
	if err != nil {
		return err
	}
	s, err := c.look(ctx, me, offered.SessionId, offered.JoinToken)
	if err != nil {
		return err
	}
	var asked signProposal
	if err := read("proposal", s.proposal, &asked); err != nil {
		return err
	}
	if err := s.isOurs(asked.Protocol, asked.Session, version); err != nil {
		return err
	}
	if err := ours.fits(s, asked); err != nil {
		return err
	}
	if !agreed(map[string]string{"request": string(asked.Content.Message)}) {
		err := errors.New("declined by its person")
		s.fail(err)
		return err
	}
	stated := terms{Software: given.software, Kind: "sign", Threshold: ours.Threshold, Parties: len(ours.Seats)}
	if err := s.join(stated, nil); err != nil {
		return err
	}
	if err := s.signIn(ours, asked.Content); err != nil {
		s.fail(err)
		return err
	}
	return nil
}

// fits: a request for our wallet and our seat, by one of the wallet's pinned identities.
func (w *wallet) fits(s *seat, asked signProposal) error {
	position, err := w.SaveData.OriginalIndex()
	if err != nil {
		return err
	}
	if asked.Content.Type != "ethereum-message" {
		return errors.New("content of another kind than we decode")
	}
	if !bytes.Equal(asked.PublicKey, w.publicKey()) || int(s.number) != position+1 {
		return errors.New("request is for our wallet and our seat")
	}
	for _, each := range w.Seats {
		if each.same(s.creator) {
			return nil
		}
	}
	return errors.New("request is from a holder of the wallet")
}

// signIn takes part in the runs that the requester starts, until one succeeds.
func (s *seat) signIn(w *wallet, what content) error {
	if _, err := s.sessions.MarkReady(s.ctx, &pb.MarkReadyRequest{SessionId: s.id}); err != nil {
		return err
	}
	now, err := s.until(func(now *pb.Session) bool {
		return now.State >= pb.SessionState_SESSION_STATE_IN_PROGRESS && now.Run > 0 && runs(now, s.number)
	})
	if err != nil {
		return err
	}
	r, err := s.verifiedRoster(now)
	if err != nil {
		return err
	}
	var keys []*big.Int
	for _, each := range r.Seats {
		if int(each.Seat) > len(w.Seats) || !w.Seats[each.Seat-1].same(each.Identity) {
			return fmt.Errorf("seat %d is not taken by the party that holds its share", each.Seat)
		}
		keys = append(keys, w.SaveData.Ks[each.Seat-1])
	}
	mail := s.runMailbox(s.ctx, r, signRounds)
	signed, err := newRun(mail, keys, r.Threshold).sign(s.ctx, w.SaveData, what.digest())
	if err != nil {
		return err
	}
	result := signatureBytes(signed)
	if err := s.confirm(r, result, mail.transcript()); err != nil {
		return err
	}
	print(map[string]string{"signature": hex.EncodeToString(result)})
	return nil
}

func runs(now *pb.Session, seat uint16) bool {
	for _, each := range now.RunSeats {
		if each == uint32(seat) {
			return true
		}
	}
	return false
}

// signatureBytes: r, s and the recovery bit, 65 bytes.
func signatureBytes(signed *common.SignatureData) []byte {
	result := make([]byte, 65)
	new(big.Int).SetBytes(signed.R).FillBytes(result[:32])
	new(big.Int).SetBytes(signed.S).FillBytes(result[32:64])
	result[64] = signed.SignatureRecovery[0]
	return result
}

// firstOffer is the first seat that is offered to our identity.
func (c *coordinator) firstOffer(ctx context.Context, me *identity) (*pb.WatchInvitationsResponse, error) {
	now := uint64(time.Now().UnixMilli())
	stream, err := c.sessions.WatchInvitations(ctx, &pb.WatchInvitationsRequest{
		TimeMs:            now,
		Identity:          &pb.Identity{SigningKey: me.SigningKey, EncryptionKey: me.EncryptionKey},
		IdentitySignature: me.sign("watch", []byte(fmt.Sprintf("%x\n%d", []byte(me.SigningKey), now))),
	})
	for err == nil {
		var offered *pb.WatchInvitationsResponse
		if offered, err = stream.Recv(); err == nil && offered.SessionId != "" {
			return offered, nil
		}
	}
	return nil, err
}

func readJSON[T any](path string) (*T, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	value := new(T)
	return value, json.Unmarshal(text, value)
}

// store writes a file that survives a loss of power.
func store(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.Write(text); err != nil {
		return err
	}
	return file.Sync()
}
