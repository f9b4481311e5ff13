// An echo server for WebSocket and the page that talks to it: something small and real to capture.
//
// Every error of Upgrade, ReadMessage and WriteMessage is looked at. Many examples on the web drop the one of
// Upgrade; the connection is then nil, and the next line of the handler panics.
package main

import (
	_ "embed"
	"errors"
	"flag"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// The page is small text; what people paste into it may be larger, but not without end.
const maxMessageOctets = 1 << 20

//go:embed page.html
var page []byte

// CheckOrigin is left unset: gorilla then refuses, with 403, pages that this server did not serve.
var upgrader = websocket.Upgrader{ReadBufferSize: 1024, WriteBufferSize: 1024}

func main() {
	address := flag.String("addr", "127.0.0.1:8080", "where to listen")
	flag.Parse()

	mux := http.NewServeMux()
	mux.HandleFunc("/", servePage)
	mux.HandleFunc("/echo", echo)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}

	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("open http://%s/", listener.Addr())
	log.Fatal(server.Serve(listener))
}

func servePage(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if _, err := w.Write(page); err != nil {
		log.Printf("%s page: %v", r.RemoteAddr, err)
	}
}

func echo(w http.ResponseWriter, r *http.Request) {
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		// Upgrade has answered already (400 or 403), so nothing may be written here.
		log.Printf("%s upgrade: %v", r.RemoteAddr, err)
		return
	}
	defer conn.Close()
	conn.SetReadLimit(maxMessageOctets)
	log.Printf("%s upgraded", r.RemoteAddr)

	for {
		// Pings are answered and a Close is echoed inside ReadMessage: a server that stops reading does neither.
		kind, message, err := conn.ReadMessage()
		if err != nil {
			logEnd(r.RemoteAddr, err)
			return
		}
		log.Printf("%s %s %d octets: %.60q", r.RemoteAddr, kindName(kind), len(message), message)
		if err := conn.WriteMessage(kind, message); err != nil {
			log.Printf("%s write: %v", r.RemoteAddr, err)
			return
		}
	}
}

// logEnd tells a close handshake from a connection that broke off.
func logEnd(remote string, err error) {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		log.Printf("%s closed: %d %q", remote, closed.Code, closed.Text)
		return
	}
	log.Printf("%s read: %v", remote, err)
}

func kindName(kind int) string {
	if kind == websocket.TextMessage {
		return "text"
	}
	return "binary"
}
