package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	pb "quorate.invalid/interop/gen"
)

// version is the protocol's, as all documents state it, but for those of a new wallet whose members say what they are called.
const (
	version       = "quorate/2"
	namingVersion = "quorate/3"
)

// patience is how long we wait for the next sign of life: others compute, too.
const patience = 90 * time.Second

// coordinator is the two services of one coordinator.
type coordinator struct {
	sessions pb.CoordinatorServiceClient
	router   pb.RouterServiceClient
}

func dial(address string) (*coordinator, error) {
	connection, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(2<<20)))
	if err != nil {
		return nil, err
	}
	return &coordinator{pb.NewCoordinatorServiceClient(connection), pb.NewRouterServiceClient(connection)}, nil
}

// seat is our place in a session: who we are in it, and what we believe it is.
type seat struct {
	*coordinator
	me       *identity
	id       string
	number   uint16
	ctx      context.Context // carries the join token
	creator  publicIdentity
	proposal []byte // as its creator signed it
	kind     string
	protocol string        // the version of this session's documents
	terms    terms         // what we state
	seen     *pb.Statement // what the creator said when we looked
	nonce    []byte        // of a new wallet: our part of the check code
	updates  chan *pb.Session
	latest   *pb.Session
}

// look reads a session before joining it: proposal and creator, signature checked.
func (c *coordinator) look(ctx context.Context, me *identity, id, token string) (*seat, error) {
	s := &seat{coordinator: c, me: me, id: id, updates: make(chan *pb.Session, 1000)}
	s.ctx = metadata.AppendToOutgoingContext(ctx, "authorization", "Bearer "+token)
	answer, err := c.sessions.GetSession(s.ctx, &pb.GetSessionRequest{SessionId: id})
	if err != nil {
		return nil, err
	}
	s.latest, s.number = answer.Session, uint16(answer.Seat)
	creator := participant(answer.Session, uint16(answer.Session.CreatorSeat))
	if creator.GetIdentity() == nil {
		return nil, errors.New("the creator has not joined yet")
	}
	s.creator = identityIn(creator)
	s.proposal = answer.Session.Proposal
	if !s.creator.signed("proposal", s.proposal, answer.Session.ProposalSignature) {
		return nil, errors.New("proposal is signed by the creator of the session")
	}
	s.seen = creator.GetStatement()
	return s, nil
}

// asSeen holds a later answer against what was looked at and decided on: the same proposal of the same creator, who said
// the same of itself.
func (s *seat) asSeen(now *pb.Session) error {
	creator := participant(now, uint16(now.CreatorSeat))
	said := creator.GetStatement()
	if creator.GetIdentity() == nil || !identityIn(creator).same(s.creator) ||
		!bytes.Equal(said.GetTerms(), s.seen.GetTerms()) || !bytes.Equal(said.GetSignature(), s.seen.GetSignature()) {
		return errors.New("creator is the one that was looked at")
	}
	return nil
}

// isOurs: a proposal of a version that we do not know, or that was signed for another session, is none for this one.
func (s *seat) isOurs(protocol string, session []byte, known ...string) error {
	if !slices.Contains(known, protocol) {
		return fmt.Errorf("proposal: same protocol version (here %v, there %q)", known, protocol)
	}
	s.protocol = protocol
	if hex.EncodeToString(session) != s.id {
		return errors.New("proposal is of this session")
	}
	return nil
}

// join states our terms and takes the seat; secret is that of the invitation, if there is one.
func (s *seat) join(stated terms, secret []byte) error {
	session, err := hex.DecodeString(s.id)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(s.proposal)
	stated.Protocol, stated.Curve, stated.Session, stated.Seat = s.protocol, "secp256k1", session, s.number
	stated.ProposalHash = hash[:]
	if stated.Kind == "keygen" {
		s.nonce = make([]byte, 32)
		if _, err := rand.Read(s.nonce); err != nil {
			return err
		}
		stated.CodeCommitment = codeCommitment(session, s.number, s.nonce)
	}
	if s.protocol == namingVersion {
		stated.Name = new(string)
	}
	s.terms, s.kind = stated, stated.Kind
	text := canonical(stated)
	request := &pb.JoinSessionRequest{
		SessionId: s.id,
		Identity:  &pb.Identity{SigningKey: s.me.SigningKey, EncryptionKey: s.me.EncryptionKey},
		Statement: &pb.Statement{Terms: text, Signature: s.me.sign("join", concat(s.me.SigningKey, s.me.EncryptionKey, text))},
	}
	if secret != nil {
		request.SeatMac = seatMAC(secret, session, s.number, s.me.publicIdentity, text)
	}
	answer, err := s.sessions.JoinSession(s.ctx, request)
	if err != nil {
		return err
	}
	if uint16(answer.Seat) != s.number {
		return errors.New("the coordinator gives us the seat that it showed us")
	}
	if !bytes.Equal(answer.Session.GetProposal(), s.proposal) {
		return errors.New("proposal is the one that was looked at")
	}
	if err := s.asSeen(answer.Session); err != nil {
		return err
	}
	s.latest = answer.Session
	go s.watch()
	return nil
}

// watch feeds updates, over as many connections as it takes.
func (s *seat) watch() {
	defer close(s.updates)
	for since := time.Now(); time.Since(since) < patience; {
		stream, err := s.sessions.WatchSession(s.ctx, &pb.WatchSessionRequest{SessionId: s.id})
		for err == nil {
			var change *pb.WatchSessionResponse
			if change, err = stream.Recv(); err == nil {
				since = time.Now()
				if change.Session != nil {
					s.updates <- change.Session
				}
			}
		}
		if !passes(err) {
			return
		}
		pause(s.ctx)
	}
}

// until waits for a state of the session; a session that has failed is an error.
func (s *seat) until(reached func(*pb.Session) bool) (*pb.Session, error) {
	for {
		if reached(s.latest) {
			return s.latest, nil
		}
		if s.latest.State >= pb.SessionState_SESSION_STATE_COMPLETED {
			failure := s.latest.GetFailure()
			return nil, fmt.Errorf("the session is over: %v %s %s", s.latest.State, failure.GetKind(), failure.GetCheck())
		}
		next, open := <-s.updates
		if !open {
			return nil, errors.New("the coordinator cannot be reached")
		}
		if next.Version >= s.latest.Version {
			s.latest = next
		}
	}
}

// verifiedRoster is the roster of the session with every check of step 5 (SPEC 8.1).
func (s *seat) verifiedRoster(now *pb.Session) (*roster, error) {
	var r roster
	if !s.creator.signed("roster", now.Roster, now.RosterSignature) {
		return nil, errors.New("roster is signed by the creator of the session")
	}
	if err := read("roster", now.Roster, &r); err != nil {
		return nil, err
	}
	own, _ := r.at(s.number)
	creator, _ := r.at(r.Creator)
	for check, holds := range map[string]bool{
		"is of this session":                  bytes.Equal(r.Session, s.terms.Session),
		"is for this kind of session":         r.Kind == s.kind && r.Protocol == s.protocol,
		"has the threshold that was agreed":   r.Threshold == s.terms.Threshold && len(r.Seats) >= r.Threshold,
		"has as many seats as were agreed":    s.kind == "sign" || len(r.Seats) == s.terms.Parties,
		"is for the proposal":                 bytes.Equal(r.ProposalHash, s.terms.ProposalHash),
		"gives the creator their identity":    creator.same(s.creator),
		"has our identity in our seat":        own.same(s.me.publicIdentity),
		"has its seats once, in rising order": rising(r.Seats),
	} {
		if !holds {
			return nil, fmt.Errorf("roster %s", check)
		}
	}
	if err := s.asSeen(now); err != nil {
		return nil, err
	}
	for _, each := range r.Seats {
		theirs, err := s.verifyStatement(now, each)
		if err != nil {
			return nil, err
		}
		var committed []byte
		if each.CodeCommitment != nil {
			committed = *each.CodeCommitment
		}
		if !bytes.Equal(committed, theirs.CodeCommitment) {
			return nil, fmt.Errorf("roster has the commitment of party %d", each.Seat)
		}
		if (each.Name == nil) != (theirs.Name == nil) || each.Name != nil && *each.Name != *theirs.Name {
			return nil, fmt.Errorf("roster has the name of party %d", each.Seat)
		}
		if each.Seat == s.number && !bytes.Equal(committed, s.terms.CodeCommitment) {
			return nil, errors.New("roster has our commitment in our seat")
		}
	}
	return &r, nil
}

// openCode opens our part of the check code and waits for everybody's.
func (s *seat) openCode(r *roster) (string, error) {
	own := concat(s.nonce, s.me.sign("code-opening", r.codeOpening(s.number, s.nonce)))
	err := insist(s.ctx, func() error {
		_, err := s.sessions.OpenCode(s.ctx, &pb.OpenCodeRequest{SessionId: s.id, Opening: own})
		return err
	})
	if err != nil {
		return "", err
	}
	now, err := s.until(func(now *pb.Session) bool {
		for _, each := range now.Participants {
			if len(each.CodeOpening) == 0 {
				return false
			}
		}
		return true
	})
	if err != nil {
		return "", err
	}
	openings := map[uint16][]byte{}
	for _, each := range now.Participants {
		openings[uint16(each.Seat)] = each.CodeOpening
	}
	openings[s.number] = own
	return r.checkCode(openings)
}

func rising(seats []rosterSeat) bool {
	for i := 1; i < len(seats); i++ {
		if seats[i].Seat <= seats[i-1].Seat {
			return false
		}
	}
	return true
}

// verifyStatement holds a party's hand-shake against our own terms; its commitment is its own.
func (s *seat) verifyStatement(now *pb.Session, who rosterSeat) (*terms, error) {
	said := participant(now, who.Seat).GetStatement()
	signed := concat(who.Identity.SigningKey, who.Identity.EncryptionKey, said.GetTerms())
	if !who.Identity.signed("join", signed, said.GetSignature()) {
		return nil, fmt.Errorf("hand-shake of party %d is signed by it", who.Seat)
	}
	var theirs terms
	if err := read("hand-shake", said.Terms, &theirs); err != nil {
		return nil, blame(who.Seat, "%v", err)
	}
	expected := s.terms
	expected.Seat, expected.CodeCommitment = who.Seat, theirs.CodeCommitment
	if (theirs.Name != nil) != (s.protocol == namingVersion) {
		return nil, blame(who.Seat, "hand-shake: is well formed")
	}
	expected.Name = theirs.Name
	if s.kind == "keygen" && len(theirs.CodeCommitment) != 32 || s.kind == "sign" && len(theirs.CodeCommitment) != 0 {
		return nil, blame(who.Seat, "hand-shake: is well formed")
	}
	if s.kind == "sign" {
		expected.Software = theirs.Software
	}
	if !bytes.Equal(canonical(expected), said.Terms) {
		return nil, blame(who.Seat, "hand-shake: same terms (here %s, there %s)", canonical(expected), said.Terms)
	}
	return &theirs, nil
}

// runMailbox is the router as a mailbox of one run.
func (s *seat) runMailbox(ctx context.Context, r *roster, table []round) *mailbox {
	arriving := make(chan []byte, 1000)
	go s.subscribe(ctx, arriving)
	send := func(to uint16, envelope []byte) error {
		hash := sha256.Sum256(concat(uint16Bytes(to), envelope))
		request := &pb.SendMessageRequest{SessionId: s.id, To: uint32(to), MessageId: hex.EncodeToString(hash[:]), Envelope: envelope}
		return insist(ctx, func() error {
			_, err := s.router.SendMessage(ctx, request)
			return err
		})
	}
	receive := func() ([]byte, error) {
		select {
		case raw := <-arriving:
			return raw, nil
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(patience):
			return nil, errors.New("nothing came for too long")
		}
	}
	return newMailbox(newEnvelopes(s.me, s.number, r), table, send, receive)
}

func (s *seat) subscribe(ctx context.Context, arriving chan<- []byte) {
	var after uint64
	for ctx.Err() == nil {
		stream, err := s.router.SubscribeMessages(ctx, &pb.SubscribeMessagesRequest{SessionId: s.id, After: after})
		for err == nil {
			var arrived *pb.SubscribeMessagesResponse
			if arrived, err = stream.Recv(); err == nil && arrived.Cursor > after {
				after = arrived.Cursor
				arriving <- arrived.Envelope
			}
		}
		if !passes(err) {
			return
		}
		pause(ctx)
	}
}

// report ends our part: a confirmation, or why we stop.
func (s *seat) report(ctx context.Context, request *pb.ReportCompletionRequest) error {
	request.SessionId = s.id
	return insist(ctx, func() error {
		_, err := s.sessions.ReportCompletion(ctx, request)
		return err
	})
}

func (s *seat) fail(why error) {
	failure := &pb.Failure{Kind: "refused", ReportedBy: uint32(s.number), Detail: why.Error()}
	var guilty *misbehaviour
	if errors.As(why, &guilty) {
		failure.Kind, failure.Parties, failure.Check, failure.Detail = "misbehaviour", []uint32{uint32(guilty.party)}, guilty.check, ""
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(s.ctx), 5*time.Second)
	defer cancel()
	_ = s.report(ctx, &pb.ReportCompletionRequest{Outcome: &pb.ReportCompletionRequest_Failure{Failure: failure}})
}

func participant(session *pb.Session, seat uint16) *pb.Participant {
	for _, each := range session.GetParticipants() {
		if each.Seat == uint32(seat) {
			return each
		}
	}
	return nil
}

func identityIn(p *pb.Participant) publicIdentity {
	return publicIdentity{p.GetIdentity().GetSigningKey(), p.GetIdentity().GetEncryptionKey()}
}

// insist repeats a call that failed for a passing reason.
func insist(ctx context.Context, call func() error) error {
	for since := time.Now(); ; {
		err := call()
		if err == nil || !passes(err) || time.Since(since) > patience {
			return err
		}
		pause(ctx)
	}
}

// passes tells whether trying again can help; a stream that ended in order may also be opened again.
func passes(err error) bool {
	return err == io.EOF || status.Code(err) == codes.Unavailable
}

func pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(200 * time.Millisecond):
	}
}
