// A chat server and a client that talks to it, in one program: binary PDUs inside WebSocket messages, subprotocol
// chat.v1. The PDUs are what ../chat.ksy describes.
//
//	version 1 | kind 1 | number 2 | length of the body 2 | body
package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/gorilla/websocket"
)

const (
	join  = 1
	say   = 2
	ack   = 3
	leave = 4

	done       = 0
	noSuchRoom = 1

	headerOctets     = 6
	maxMessageOctets = 1 << 16
)

var (
	compress = flag.Bool("compress", false, "negotiate permessage-deflate")
	secure   = flag.Bool("tls", false, "wss instead of ws")
	maxTLS   = flag.Uint("max-tls", 13, "highest TLS version: 12 or 13")
	keylog   = flag.String("keylog", "", "file for the secrets of the TLS sessions, for Wireshark")
	address  = flag.String("addr", "127.0.0.1:8080", "where to listen")
	rounds   = flag.Int("say", 5, "how often the client says something")
	clients  = flag.Int("clients", 1, "how many clients talk, one after the other")
)

func main() {
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	check(err)
	if *secure {
		listener = tls.NewListener(listener, &tls.Config{
			Certificates: []tls.Certificate{selfSigned()},
			MaxVersion:   highest(),
		})
	}
	http.HandleFunc("/chat", serve)
	go func() { log.Fatal(http.Serve(listener, nil)) }()
	for i := 0; i < *clients; i++ {
		talk()
	}
	// The server's side of the last TCP connection has to end before the program does.
	time.Sleep(200 * time.Millisecond)
}

// serve answers every request with an Ack that has its number.
func serve(w http.ResponseWriter, r *http.Request) {
	upgrader := websocket.Upgrader{Subprotocols: []string{"chat.v1"}, EnableCompression: *compress}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		log.Printf("upgrade: %v", err)
		return
	}
	defer conn.Close()
	conn.SetReadLimit(maxMessageOctets)
	rooms := map[string]bool{}
	for {
		kind, message, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if kind != websocket.BinaryMessage {
			continue
		}
		var answer []byte
		for len(message) >= headerOctets {
			length := int(binary.BigEndian.Uint16(message[4:]))
			if headerOctets+length > len(message) {
				return
			}
			answer = append(answer, answerTo(message[:headerOctets+length], rooms)...)
			message = message[headerOctets+length:]
		}
		// One message for one: requests that came together are answered together.
		if err := conn.WriteMessage(websocket.BinaryMessage, answer); err != nil {
			return
		}
	}
}

func answerTo(request []byte, rooms map[string]bool) []byte {
	body := request[headerOctets:]
	status := byte(done)
	switch request[1] {
	case join:
		rooms[string(body)] = true
	case say:
		if len(body) == 0 || len(body) < 1+int(body[0]) || !rooms[string(body[1:1+int(body[0])])] {
			status = noSuchRoom
		}
	case leave:
		delete(rooms, string(body))
	}
	return pdu(ack, binary.BigEndian.Uint16(request[2:]), []byte{status})
}

func talk() {
	dialer := websocket.Dialer{Subprotocols: []string{"chat.v1"}, EnableCompression: *compress}
	scheme := "ws"
	if *secure {
		scheme = "wss"
		dialer.TLSClientConfig = &tls.Config{InsecureSkipVerify: true, KeyLogWriter: keyLogWriter(), MaxVersion: highest()}
	}
	conn, _, err := dialer.Dial(fmt.Sprintf("%s://%s/chat", scheme, *address), nil)
	check(err)
	defer conn.Close()
	number := uint16(0)
	next := func(kind byte, body []byte) []byte {
		number++
		return pdu(kind, number, body)
	}
	// Two requests in one message.
	exchange(conn, append(next(join, []byte("lobby")), next(say, words("lobby", "hello"))...))
	for i := 0; i < *rounds; i++ {
		exchange(conn, next(say, words("lobby", fmt.Sprintf("line %d: grüß dich, 世界", i))))
	}
	exchange(conn, next(say, words("attic", "is anybody here?")))
	check(conn.WriteMessage(websocket.PingMessage, []byte("are you there")))
	exchange(conn, next(leave, []byte("lobby")))
	check(conn.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, "bye")))
	for {
		if _, _, err := conn.ReadMessage(); err != nil {
			return
		}
	}
}

func exchange(conn *websocket.Conn, message []byte) {
	check(conn.WriteMessage(websocket.BinaryMessage, message))
	_, answer, err := conn.ReadMessage()
	check(err)
	for ; len(answer) > headerOctets; answer = answer[headerOctets+1:] {
		log.Printf("request %d: status %d", binary.BigEndian.Uint16(answer[2:]), answer[headerOctets])
	}
}

func words(room, text string) []byte {
	return append(append([]byte{byte(len(room))}, room...), text...)
}

func pdu(kind byte, number uint16, body []byte) []byte {
	header := make([]byte, headerOctets)
	header[0] = 1
	header[1] = kind
	binary.BigEndian.PutUint16(header[2:], number)
	binary.BigEndian.PutUint16(header[4:], uint16(len(body)))
	return append(header, body...)
}

func highest() uint16 {
	if *maxTLS == 12 {
		return tls.VersionTLS12
	}
	return tls.VersionTLS13
}

func keyLogWriter() io.Writer {
	if *keylog == "" {
		return nil
	}
	file, err := os.OpenFile(*keylog, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	check(err)
	return file
}

// selfSigned makes a certificate that nobody has to trust: the client does not look at it.
func selfSigned() tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	template := x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	check(err)
	return tls.Certificate{Certificate: [][]byte{certificate}, PrivateKey: key}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
