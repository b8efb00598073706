// Command terrarium builds Terrarium's site and serves it:
//
//	go run .               build what changed, serve http://127.0.0.1:8080/
//	go run . -addr :9000   at another address; without a host name, for the whole network
//	go run . -build=false  serve what was built before
//	go run . -open         and open it in the browser
//	go run . build         only build
//	go run . dist          build, then write dist/: a folder for any static host, a zip for web developers
//	go run . size          build, then compare the files' sizes with their budgets
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"time"

	"github.com/terrarium-ml/terrarium/site/build"
	"github.com/terrarium-ml/terrarium/site/host"
)

// defaultAddr is this machine alone: nobody else sees what is developed here.
const defaultAddr = "127.0.0.1:8080"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "terrarium:", err)
		os.Exit(1)
	}
}

// run is main without the process around it.
func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("terrarium", flag.ContinueOnError)
	addr := flags.String("addr", defaultAddr, "`address` to listen on")
	compile := flags.Bool("build", true, "build the site first")
	open := flags.Bool("open", false, "open the site in the browser")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	root, err := build.Root(ctx)
	if err != nil {
		return err
	}
	if *compile {
		if err := build.All(ctx, root, say); err != nil {
			return err
		}
	}
	switch command := flags.Arg(0); command {
	case "":
		listener, err := listen(*addr)
		if err != nil {
			return err
		}
		fmt.Printf("Terrarium is at %s (Ctrl+C ends it)\n", address(listener.Addr()))
		if *open {
			openBrowser(address(listener.Addr()))
		}
		return serve(ctx, filepath.Join(root, "site"), listener)
	case "build":
		return nil
	case "dist":
		return build.Dist(root, say)
	case "size":
		return build.Sizes(root, os.Stdout)
	default:
		return fmt.Errorf("no command %q; there are build, dist and size, and none to serve", command)
	}
}

// serve answers until the context ends. The compressed twins are made meanwhile: a
// fresh build is served plain until they are ready.
func serve(ctx context.Context, dir string, listener net.Listener) error {
	handler, err := host.Handler(dir)
	if err != nil {
		return err
	}
	go compress(dir)
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { server.Close() })
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listen takes the address, and in place of the default one any that is free: a
// newcomer's port 8080 is often taken.
func listen(addr string) (net.Listener, error) {
	listener, err := net.Listen("tcp", addr)
	if err != nil && addr == defaultAddr {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, fmt.Errorf("%w; choose another address with -addr", err)
	}
	return listener, nil
}

// address is how a person on this machine reaches the listener.
func address(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok || tcp.IP.IsUnspecified() {
		_, port, _ := net.SplitHostPort(a.String())
		return "http://localhost:" + port + "/"
	}
	return "http://" + a.String() + "/"
}

// compress makes the twins of all programs and of the kernel module. A twin that cannot be written is a
// slower download and no more.
func compress(dir string) {
	files := []string{build.Kernels}
	for _, p := range build.Programs {
		files = append(files, p.File)
	}
	for _, file := range files {
		if err := build.Compress(filepath.Join(dir, file)); err != nil {
			say("not compressed: " + err.Error())
		}
	}
}

// openBrowser hands the address to the desktop, if there is one.
func openBrowser(url string) {
	opener := map[string][]string{
		"darwin":  {"open"},
		"windows": {"rundll32", "url.dll,FileProtocolHandler"},
	}[runtime.GOOS]
	if opener == nil {
		opener = []string{"xdg-open"}
	}
	if err := exec.Command(opener[0], append(opener[1:], url)...).Start(); err != nil {
		say("no browser could be opened: " + err.Error())
	}
}

func say(what string) { fmt.Fprintln(os.Stderr, what) }
