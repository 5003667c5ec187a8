// Checks the frozen vectors with Go's own checksum database code, which knows nothing of Sayso.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(parts ...string) []byte {
	raw, err := os.ReadFile(filepath.Join(parts...))
	must(err)
	return raw
}

func hash(text string) (h tlog.Hash) {
	raw, err := base64.StdEncoding.DecodeString(text)
	must(err)
	copy(h[:], raw)
	return h
}

func unhex(text string) (h tlog.Hash) {
	raw, err := hex.DecodeString(text)
	must(err)
	copy(h[:], raw)
	return h
}

func checkpoint(raw []byte, key string) (int64, tlog.Hash) {
	verifier, err := note.NewVerifier(key)
	must(err)
	opened, err := note.Open(raw, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hash(lines[2])
}

func entries(raw []byte) (list [][]byte) {
	for len(raw) > 0 {
		n := int(binary.BigEndian.Uint16(raw))
		list = append(list, raw[2:2+n])
		raw = raw[2+n:]
	}
	return list
}

func main() {
	dir := os.Args[1]
	key := strings.Split(string(read(dir, "log.vkeys")), "\n")[0]
	size, root := checkpoint(read(dir, "checkpoint"), key)

	all := append(entries(read(dir, "tile/entries/000")), entries(read(dir, "tile/entries/001.p/44"))...)
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) (found []tlog.Hash, err error) {
		for _, index := range indexes {
			found = append(found, stored[index])
		}
		return found, nil
	})
	for n, entry := range all {
		more, err := tlog.StoredHashes(int64(n), entry, reader)
		must(err)
		stored = append(stored, more...)
	}
	computed, err := tlog.TreeHash(size, reader)
	must(err)
	if computed != root || int64(len(all)) != size {
		must(fmt.Errorf("the root is not that of the entries"))
	}

	files, err := filepath.Glob(filepath.Join(dir, "proofs", "*.tlog-proof"))
	must(err)
	for _, file := range files {
		head, signed, _ := strings.Cut(string(read(file)), "\n\n")
		size, root := checkpoint([]byte(signed), key)
		lines := strings.Split(head, "\n")
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		must(err)
		var proof tlog.RecordProof
		for _, line := range lines[2:] {
			proof = append(proof, hash(line))
		}
		must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(all[index])))
	}

	var told struct {
		Old     int64    `json:"old"`
		OldRoot string   `json:"old_root"`
		New     int64    `json:"new"`
		NewRoot string   `json:"new_root"`
		Proof   []string `json:"proof"`
	}
	must(json.Unmarshal(read(dir, "consistency.json"), &told))
	var proof tlog.TreeProof
	for _, each := range told.Proof {
		proof = append(proof, unhex(each))
	}
	must(tlog.CheckTree(proof, told.New, unhex(told.NewRoot), told.Old, unhex(told.OldRoot)))
	fmt.Println(len(all), "entries,", len(files), "proofs")
}
