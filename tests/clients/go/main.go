// SPDX-License-Identifier: LGPL-2.1-only

// A client in the style of the first container runtimes that were written in
// Go: a system call is allowed if each of its arguments is one of a list of
// alternatives. libseccomp has no "or", so the lists are expanded to one rule for
// each combination. What the exported filter decides is compared with the lists
// themselves, for random lists and calls; then one such filter is loaded.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"math/rand"
	"os"
	"syscall"

	seccomp "github.com/seccomp/libseccomp-golang"
)

type alternative struct {
	op    seccomp.ScmpCompareOp
	value uint64
}

// For each argument of a call the alternatives; none is any value.
type arguments [6][]alternative

func (a alternative) holds(value uint64) bool {
	switch a.op {
	case seccomp.CompareEqual:
		return value == a.value
	case seccomp.CompareNotEqual:
		return value != a.value
	case seccomp.CompareGreaterEqual:
		return value >= a.value
	default:
		return value <= a.value
	}
}

func (args arguments) allow(values [6]uint64) bool {
	for i, alternatives := range args {
		any := len(alternatives) == 0
		for _, a := range alternatives {
			any = any || a.holds(values[i])
		}
		if !any {
			return false
		}
	}
	return true
}

// Each combination of one alternative an argument.
func (args arguments) combinations() [][]seccomp.ScmpCondition {
	all := [][]seccomp.ScmpCondition{nil}
	for i, alternatives := range args {
		if len(alternatives) == 0 {
			continue
		}
		var longer [][]seccomp.ScmpCondition
		for _, conditions := range all {
			for _, a := range alternatives {
				condition, err := seccomp.MakeCondition(uint(i), a.op, a.value)
				must(err)
				longer = append(longer, append(conditions[:len(conditions):len(conditions)], condition))
			}
		}
		all = longer
	}
	return all
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func filterOf(call seccomp.ScmpSyscall, args arguments, match, otherwise seccomp.ScmpAction) *seccomp.ScmpFilter {
	filter, err := seccomp.NewFilter(otherwise)
	must(err)
	for _, conditions := range args.combinations() {
		if len(conditions) == 0 {
			must(filter.AddRule(call, match))
			continue
		}
		// The same combination twice is no mistake of the list's author.
		if err := filter.AddRuleConditional(call, match, conditions); err != nil && err != syscall.EEXIST {
			panic(err)
		}
	}
	return filter
}

func program(filter *seccomp.ScmpFilter) []syscall.SockFilter {
	file, err := os.CreateTemp("", "bpf")
	must(err)
	defer file.Close()
	must(os.Remove(file.Name()))
	must(filter.ExportBPF(file))
	_, err = file.Seek(0, io.SeekStart)
	must(err)
	size, err := file.Seek(0, io.SeekEnd)
	must(err)
	_, err = file.Seek(0, io.SeekStart)
	must(err)
	code := make([]syscall.SockFilter, size/8)
	must(binary.Read(file, binary.LittleEndian, code))
	return code
}

// What the kernel would answer; only instructions that a filter of libseccomp has.
func decide(code []syscall.SockFilter, data []byte) uint32 {
	var a uint32
	for pc := 0; pc < len(code); pc++ {
		i := code[pc]
		var holds bool
		switch i.Code {
		case 0x20:
			a = binary.LittleEndian.Uint32(data[i.K:])
			continue
		case 0x54:
			a &= i.K
			continue
		case 0x06:
			return i.K
		case 0x05:
			pc += int(i.K)
			continue
		case 0x15:
			holds = a == i.K
		case 0x25:
			holds = a > i.K
		case 0x35:
			holds = a >= i.K
		default:
			panic(fmt.Sprintf("instruction %d has code %#x", pc, i.Code))
		}
		if holds {
			pc += int(i.Jt)
		} else {
			pc += int(i.Jf)
		}
	}
	panic("no return")
}

var operators = []seccomp.ScmpCompareOp{seccomp.CompareEqual, seccomp.CompareNotEqual,
	seccomp.CompareGreaterEqual, seccomp.CompareLessOrEqual}

// Values that meet each other, with halves that meet each other.
func value(r *rand.Rand) uint64 {
	return uint64(r.Intn(3))<<32 | uint64(r.Intn(4))
}

func compare(r *rand.Rand, call seccomp.ScmpSyscall) (wrong int) {
	var args arguments
	for n := 1 + r.Intn(3); n > 0; n-- {
		i := r.Intn(4)
		for m := 1 + r.Intn(2); m > 0; m-- {
			args[i] = append(args[i], alternative{operators[r.Intn(4)], value(r)})
		}
	}
	filter := filterOf(call, args, seccomp.ActAllow, seccomp.ActErrno.SetReturnCode(1))
	defer filter.Release()
	code := program(filter)
	for n := 0; n < 40; n++ {
		var values [6]uint64
		data := binary.LittleEndian.AppendUint32(nil, uint32(call))
		data = binary.LittleEndian.AppendUint32(data, 0xc000003e)
		data = binary.LittleEndian.AppendUint64(data, 0)
		for i := range values {
			values[i] = value(r)
			data = binary.LittleEndian.AppendUint64(data, values[i])
		}
		if (decide(code, data) == 0x7fff0000) != args.allow(values) {
			wrong++
		}
	}
	return wrong
}

func main() {
	call, err := seccomp.GetSyscallFromName("kcmp")
	must(err)
	r := rand.New(rand.NewSource(1))
	wrong, filters := 0, 3000
	for n := 0; n < filters; n++ {
		wrong += compare(r, call)
	}
	if wrong > 0 {
		fmt.Printf("%d decisions of %d differ from the lists\n", wrong, 40*filters)
		os.Exit(1)
	}

	// In force: priorities of processes (0) or users (2), not of users from 7 on.
	getpriority, err := seccomp.GetSyscallFromName("getpriority")
	must(err)
	var args arguments
	args[0] = []alternative{{seccomp.CompareEqual, 1}, {seccomp.CompareGreaterEqual, 3}}
	args[1] = []alternative{{seccomp.CompareNotEqual, 0}}
	// The binding loads it for all threads (TSYNC).
	filter := filterOf(getpriority, args, seccomp.ActErrno.SetReturnCode(int16(syscall.EDOM)), seccomp.ActAllow)
	must(filter.Load())
	for _, which := range []uintptr{0, 1, 2, 4} {
		for _, who := range []uintptr{0, 5} {
			_, _, errno := syscall.RawSyscall(syscall.SYS_GETPRIORITY, which, who, 0)
			stopped := args.allow([6]uint64{uint64(which), uint64(who)})
			if stopped != (errno == syscall.EDOM) {
				fmt.Printf("getpriority(%d, %d): %v\n", which, who, errno)
				os.Exit(1)
			}
		}
	}
	fmt.Printf("worked: %d decisions of %d filters are the lists'\n", 40*filters, filters)
}
