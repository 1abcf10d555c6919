package archivetest

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// Object describes a shared object with just enough in it to be looked at; nothing can load it.
type Object struct {
	// Machine is x86_64's where it is 0.
	Machine elf.Machine
	// Type is that of a shared object where it is 0.
	Type elf.Type
	// BigEndian is how s390x writes numbers.
	BigEndian bool
	// Postgres is the major of the magic block; 0 leaves the block out.
	Postgres int
	// Needed are the libraries it is linked to, Versions the symbol versions it wants from the first of them.
	Needed, Versions []string
	// Padding is how many bytes lie between the code and the dynamic section.
	Padding int
}

// Bytes writes the object: header, program headers, strings, needed versions, magic block, padding, dynamic section.
func (o Object) Bytes() []byte {
	var order binary.ByteOrder = binary.LittleEndian
	data := elf.ELFDATA2LSB
	if o.BigEndian {
		order, data = binary.BigEndian, elf.ELFDATA2MSB
	}
	const headers = 64 + 2*56
	strings := stringTable{0}
	needed := make([]uint64, len(o.Needed))
	for i, name := range o.Needed {
		needed[i] = uint64(strings.add(name))
	}
	var needs bytes.Buffer
	if len(o.Versions) > 0 {
		write(&needs, order, uint16(1), uint16(len(o.Versions)), uint32(needed[0]), uint32(16), uint32(0))
		for i, version := range o.Versions {
			next := uint32(16)
			if i == len(o.Versions)-1 {
				next = 0
			}
			write(&needs, order, uint32(0), uint16(0), uint16(i+2), uint32(strings.add(version)), next)
		}
	}
	stringsAt := uint64(headers)
	needsAt := align(stringsAt + uint64(len(strings)))
	magicAt := align(needsAt + uint64(needs.Len()))
	magic := o.magic(order)
	dynamicAt := align(magicAt + uint64(len(magic)+o.Padding))
	var dynamic bytes.Buffer
	entry := func(tag elf.DynTag, value uint64) { write(&dynamic, order, uint64(tag), value) }
	for _, offset := range needed {
		entry(elf.DT_NEEDED, offset)
	}
	entry(elf.DT_STRTAB, stringsAt)
	entry(elf.DT_STRSZ, uint64(len(strings)))
	if needs.Len() > 0 {
		entry(elf.DT_VERNEED, needsAt)
		entry(elf.DT_VERNEEDNUM, 1)
	}
	entry(elf.DT_NULL, 0)
	end := dynamicAt + uint64(dynamic.Len())

	var out bytes.Buffer
	out.Write([]byte{0x7f, 'E', 'L', 'F', byte(elf.ELFCLASS64), byte(data), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
	write(&out, order, orElse(o.Type, elf.ET_DYN), orElse(o.Machine, elf.EM_X86_64), uint32(1), uint64(0), uint64(64), uint64(0),
		uint32(0), uint16(64), uint16(56), uint16(2), uint16(64), uint16(0), uint16(0))
	segment := func(kind elf.ProgType, at, size uint64) {
		write(&out, order, uint32(kind), uint32(4), at, at, at, size, size, uint64(8))
	}
	segment(elf.PT_LOAD, 0, end)
	segment(elf.PT_DYNAMIC, dynamicAt, uint64(dynamic.Len()))
	for _, part := range []struct {
		at    uint64
		bytes []byte
	}{{stringsAt, strings}, {needsAt, needs.Bytes()}, {magicAt, magic}, {dynamicAt, dynamic.Bytes()}} {
		out.Write(make([]byte, part.at-uint64(out.Len())))
		out.Write(part.bytes)
	}
	return out.Bytes()
}

// magic is the block of PG_MODULE_MAGIC as the major has it.
func (o Object) magic(order binary.ByteOrder) []byte {
	if o.Postgres == 0 {
		return nil
	}
	length := uint32(56)
	switch {
	case o.Postgres < 15: //nolint:mnd // the block grew with 15 and 18
		length = 24
	case o.Postgres >= 18: //nolint:mnd // see above
		length = 72
	}
	var block bytes.Buffer
	write(&block, order, length, uint32(100*o.Postgres), uint32(100), uint32(32), uint32(64), uint32(1))
	return append(block.Bytes(), make([]byte, int(length)-block.Len())...)
}

type stringTable []byte

func (t *stringTable) add(s string) int {
	at := len(*t)
	*t = append(append(*t, s...), 0)
	return at
}

func write(to *bytes.Buffer, order binary.ByteOrder, values ...any) {
	for _, value := range values {
		if err := binary.Write(to, order, value); err != nil {
			panic(err) // a buffer takes everything
		}
	}
}

func align(n uint64) uint64 { return (n + 7) / 8 * 8 }

func orElse[T ~uint16](value, otherwise T) T {
	if value == 0 {
		return otherwise
	}
	return value
}
