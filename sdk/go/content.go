package quorate

import (
	"encoding/base64"

	"quorate.invalid/sdk/internal/rest"
)

const (
	messageKind     = "ethereum-message"
	transactionKind = "ethereum-transaction"
)

// Content is what is to be signed. The parties see it and decide on it; they get no bare hash.
type Content struct {
	kind  string
	bytes []byte
}

// EthereumMessage is a text or bytes as EIP-191 signs them, without its prefix.
func EthereumMessage(message []byte) Content { return Content{messageKind, message} }

// EthereumTransaction is a transaction in its unsigned form.
func EthereumTransaction(unsigned []byte) Content { return Content{transactionKind, unsigned} }

func (c Content) wire() (*rest.Content, error) {
	text := base64.StdEncoding.EncodeToString(c.bytes)
	var wire rest.Content
	if c.kind == transactionKind {
		return &wire, wire.FromEthereumTransaction(rest.EthereumTransaction{Type: transactionKind, Unsigned: text})
	}
	return &wire, wire.FromEthereumMessage(rest.EthereumMessage{Type: messageKind, Message: text})
}
