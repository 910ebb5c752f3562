// go-libvirt behind the bench's line protocol: one command a line, one line of JSON as the answer.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/digitalocean/go-libvirt"
	"github.com/digitalocean/go-libvirt/socket/dialers"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// monotonic reads CLOCK_MONOTONIC, which Go has no function for.
func monotonic() int64 {
	var now syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, 1, uintptr(unsafe.Pointer(&now)), 0)
	return now.Nano()
}

func main() {
	client := libvirt.NewWithDialer(dialers.NewLocal(dialers.WithSocket(os.Args[1])))
	check(client.ConnectToURI(libvirt.ConnectURI(os.Args[2])))
	domains, _, err := client.ConnectListAllDomains(1, 0)
	check(err)
	domain := domains[0]
	agesUs := []float64{}
	var lock sync.Mutex
	say := func(value interface{}) {
		text, err := json.Marshal(value)
		check(err)
		fmt.Println(string(text))
	}
	say("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		words := strings.Fields(lines.Text())
		count := 0
		if len(words) > 1 {
			count, err = strconv.Atoi(words[1])
			check(err)
		}
		started := time.Now()
		switch words[0] {
		case "sequential":
			for i := 0; i < count; i++ {
				_, _, err := client.DomainGetState(domain, 0)
				check(err)
			}
		case "inflight":
			var group sync.WaitGroup
			for worker := 0; worker < 5; worker++ {
				group.Add(1)
				go func() {
					defer group.Done()
					for i := 0; i < count/5; i++ {
						_, _, err := client.DomainGetState(domain, 0)
						check(err)
					}
				}()
			}
			group.Wait()
		case "stats":
			_, err := client.ConnectGetAllDomainStats([]libvirt.Domain{}, 0, 0)
			check(err)
		case "xml":
			all, _, err := client.ConnectListAllDomains(1, 0)
			check(err)
			queue := make(chan libvirt.Domain, len(all))
			for _, each := range all {
				queue <- each
			}
			close(queue)
			var group sync.WaitGroup
			for worker := 0; worker < 5; worker++ {
				group.Add(1)
				go func() {
					defer group.Done()
					for each := range queue {
						_, err := client.DomainGetXMLDesc(each, 0)
						check(err)
					}
				}()
			}
			group.Wait()
		case "subscribe":
			events, err := client.SubscribeEvents(context.Background(), libvirt.DomainEventIDMetadataChange, libvirt.OptDomain{})
			check(err)
			go func() {
				for event := range events {
					now := monotonic()
					change, ok := event.(*libvirt.DomainEventCallbackMetadataChangeMsg)
					if !ok || len(change.Nsuri) == 0 || !strings.HasPrefix(change.Nsuri[0], "urn:bench:") {
						continue
					}
					sent, err := strconv.ParseInt(change.Nsuri[0][10:], 10, 64)
					check(err)
					lock.Lock()
					agesUs = append(agesUs, float64(now-sent)/1000)
					lock.Unlock()
				}
			}()
		case "ages":
			lock.Lock()
			say(agesUs)
			agesUs = []float64{}
			lock.Unlock()
			continue
		}
		say(float64(time.Since(started).Nanoseconds()) / 1e6)
	}
}
