package extension

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"slices"
	"strconv"
	"strings"
)

// SharedObject is what an ELF file tells of itself: https://gabi.xinuos.com/ and, for the versions of symbols,
// https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html
type SharedObject struct {
	Path string `json:"path"`
	// Machine is the architecture as manifests name it, or as ELF does where they know none.
	Machine string `json:"machine"`
	// Needed are the libraries it is linked to (DT_NEEDED); nil where that could not be read.
	Needed []string `json:"needed"`
	// Glibc is the highest version of a GLIBC symbol it asks for; nil where it asks for none or that could not be read.
	Glibc *string `json:"glibc"`
	// PostgresVersions are the PostgreSQL majors that its magic blocks name, in order; none in a library that is no
	// module of PostgreSQL.
	PostgresVersions []int `json:"postgres_versions"`
	// dynamic says that it can be loaded.
	dynamic bool
}

// What is kept of a file that is read once: its beginning, where linkers put what is needed for loading it, and the
// dynamic section, which lies behind the code.
const (
	headWindow    = 8 << 20
	dynamicWindow = 64 << 10
)

// objectScanner takes a file's bytes as they come and keeps what is needed to read it as a shared object. Of anything
// but ELF it keeps nothing. Package debug/elf would do all this for files one trusts; a hostile one makes it allocate
// without bound.
type objectScanner struct {
	size    int64
	head    []byte
	dynamic []byte
	// dynamicAt is the offset of the dynamic section where it is behind head, else -1.
	dynamicAt int64
	magic     magicScanner
	order     binary.ByteOrder
	other     bool
}

// reset makes the scanner ready for another file; it keeps its memory.
func (s *objectScanner) reset() {
	*s = objectScanner{head: s.head[:0], dynamic: s.dynamic[:0], dynamicAt: -1, magic: magicScanner{buffer: s.magic.buffer[:0]}}
}

// The layout of a 64-bit file's header and of its program headers, in bytes.
const (
	headerSize        = 64
	programHeaderSize = 56
)

// Write takes the next bytes; it never fails.
func (s *objectScanner) Write(p []byte) (int, error) {
	n := len(p)
	if s.size < headerSize && !s.other {
		// The beginning tells whether the rest is worth keeping.
		k := min(headerSize-int(s.size), n)
		s.keep(p[:k])
		p = p[k:]
		if s.size == headerSize && !s.begins() {
			s.other = true
		}
	}
	if s.size >= headerSize && !s.other {
		s.keep(p)
		s.magic.scan(p, s.order)
	}
	return n, nil
}

// begins says whether the file begins like ELF, and finds out the byte order.
func (s *objectScanner) begins() bool {
	s.order = binary.LittleEndian
	if elf.Data(s.head[elf.EI_DATA]) == elf.ELFDATA2MSB {
		s.order = binary.BigEndian
	}
	return bytes.HasPrefix(s.head, []byte(elf.ELFMAG))
}

func (s *objectScanner) keep(p []byte) {
	n := min(headWindow-len(s.head), len(p))
	s.head = append(s.head, p[:n]...)
	s.size += int64(n)
	if n > 0 && len(s.head) == headWindow {
		s.findDynamic()
	}
	p = p[n:]
	if s.dynamicAt >= 0 {
		from := s.dynamicAt + int64(len(s.dynamic)) - s.size
		if room := dynamicWindow - len(s.dynamic); room > 0 && from < int64(len(p)) {
			s.dynamic = append(s.dynamic, p[from:min(int64(len(p)), from+int64(room))]...)
		}
	}
	s.size += int64(len(p))
}

func (s *objectScanner) findDynamic() {
	for _, segment := range s.segments() {
		if segment.kind == elf.PT_DYNAMIC && segment.offset >= headWindow {
			s.dynamicAt = int64(segment.offset)
		}
	}
}

// object tells what the file is; false where it is no ELF.
func (s *objectScanner) object(path string) (SharedObject, bool) {
	if s.other || s.size < headerSize {
		return SharedObject{}, false
	}
	o := SharedObject{
		Path: path, Machine: s.machine(), PostgresVersions: s.magic.versions,
		dynamic: elf.Type(s.order.Uint16(s.head[16:])) == elf.ET_DYN,
	}
	if s.is64() {
		s.links(&o)
	}
	return o, true
}

func (s *objectScanner) is64() bool { return elf.Class(s.head[elf.EI_CLASS]) == elf.ELFCLASS64 }

// machine names the architecture as manifests do.
func (s *objectScanner) machine() string {
	m, little := elf.Machine(s.order.Uint16(s.head[18:])), s.order == binary.ByteOrder(binary.LittleEndian)
	if s.is64() {
		switch {
		case m == elf.EM_X86_64 && little:
			return "x86_64"
		case m == elf.EM_AARCH64 && little:
			return "aarch64"
		case m == elf.EM_PPC64 && little:
			return "ppc64le"
		case m == elf.EM_S390 && !little:
			return "s390x"
		case m == elf.EM_RISCV && little:
			return "riscv64"
		}
	}
	return strings.ToLower(strings.TrimPrefix(m.String(), "EM_")) + ", " + strings.TrimPrefix(elf.Class(s.head[elf.EI_CLASS]).String(), "ELFCLASS") + " bits"
}

// segment is a program header: where bytes of the file are in memory.
type segment struct {
	kind                  elf.ProgType
	offset, address, size uint64
}

// Bounds of what a file can make the scanner look at.
const (
	mostSegments = 256
	mostEntries  = 4096
	mostNeeded   = 1024
	offsetLimit  = 1 << 50
)

// segments reads the program headers of a 64-bit file as far as they were kept.
func (s *objectScanner) segments() []segment {
	if !s.is64() {
		return nil
	}
	var segments []segment
	at := s.order.Uint64(s.head[32:])
	for range min(int(s.order.Uint16(s.head[56:])), mostSegments) {
		header := s.slice(at, programHeaderSize)
		if header == nil {
			break
		}
		found := segment{
			kind:    elf.ProgType(s.order.Uint32(header)),
			offset:  s.order.Uint64(header[8:]),
			address: s.order.Uint64(header[16:]),
			size:    s.order.Uint64(header[32:]),
		}
		if max(found.offset, found.address, found.size) < offsetLimit {
			segments = append(segments, found)
		}
		at += programHeaderSize
	}
	return segments
}

// slice gives n bytes at an offset, nil where they were not kept.
func (s *objectScanner) slice(offset, n uint64) []byte {
	if kept := s.from(offset); n <= uint64(len(kept)) {
		return kept[:n]
	}
	return nil
}

// from gives what was kept from an offset on.
func (s *objectScanner) from(offset uint64) []byte {
	if offset < uint64(len(s.head)) {
		return s.head[offset:]
	}
	if behind := offset - uint64(s.dynamicAt); s.dynamicAt >= 0 && behind < uint64(len(s.dynamic)) {
		return s.dynamic[behind:]
	}
	return nil
}

// links reads the dynamic section: the libraries, and the versions of their symbols.
func (s *objectScanner) links(o *SharedObject) {
	segments := s.segments()
	dynamic := s.dynamicEntries(segments)
	strings := s.memory(segments, dynamic.first(elf.DT_STRTAB))
	if size := dynamic.first(elf.DT_STRSZ); size < uint64(len(strings)) {
		strings = strings[:size]
	}
	if strings == nil {
		return
	}
	o.Needed = []string{}
	for _, offset := range dynamic[elf.DT_NEEDED] {
		if name := stringAt(strings, offset); name != "" {
			o.Needed = append(o.Needed, name)
		}
	}
	o.Glibc = s.glibc(s.memory(segments, dynamic.first(elf.DT_VERNEED)), strings, dynamic.first(elf.DT_VERNEEDNUM))
}

// dynamicEntries are the values of the dynamic section by tag.
type dynamicEntries map[elf.DynTag][]uint64

func (d dynamicEntries) first(tag elf.DynTag) uint64 {
	if values := d[tag]; len(values) > 0 {
		return values[0]
	}
	return 0
}

func (s *objectScanner) dynamicEntries(segments []segment) dynamicEntries {
	entries := dynamicEntries{}
	for _, segment := range segments {
		if segment.kind != elf.PT_DYNAMIC {
			continue
		}
		const size = 16
		for i := range min(segment.size/size, mostEntries) {
			entry := s.slice(segment.offset+i*size, size)
			if entry == nil {
				break
			}
			tag := elf.DynTag(s.order.Uint64(entry))
			if tag == elf.DT_NULL {
				break
			}
			if len(entries[tag]) < mostNeeded {
				entries[tag] = append(entries[tag], s.order.Uint64(entry[8:]))
			}
		}
	}
	return entries
}

// memory gives the bytes that are loaded to an address, as far as they were kept.
func (s *objectScanner) memory(segments []segment, address uint64) []byte {
	for _, segment := range segments {
		if segment.kind == elf.PT_LOAD && address != 0 && address >= segment.address && address-segment.address < segment.size {
			return s.from(segment.offset + address - segment.address)
		}
	}
	return nil
}

// stringAt gives a printable ASCII text that ends with a NUL; "" where there is none of a sensible length.
func stringAt(table []byte, offset uint64) string {
	if offset >= uint64(len(table)) {
		return ""
	}
	table = table[offset:]
	text, _, ok := bytes.Cut(table[:min(len(table), 256)], []byte{0})
	if !ok || bytes.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return string(text)
}

// glibc finds the highest version of GLIBC's symbols in a section of needed versions (SHT_GNU_verneed).
func (s *objectScanner) glibc(needs, strings []byte, count uint64) *string {
	highest := ""
	looked := 0
	for range min(count, mostNeeded) {
		if len(needs) < 16 { //nolint:mnd // the size of a Verneed
			break
		}
		auxes := behind(needs, s.order.Uint32(needs[8:]))
		for range s.order.Uint16(needs[2:]) {
			if looked++; len(auxes) < 16 || looked > mostEntries {
				break
			}
			if v := glibcVersion(stringAt(strings, uint64(s.order.Uint32(auxes[8:])))); compareDotted(v, highest) > 0 {
				highest = v
			}
			auxes = behind(auxes, s.order.Uint32(auxes[12:]))
		}
		needs = behind(needs, s.order.Uint32(needs[12:]))
	}
	if highest == "" {
		return nil
	}
	return &highest
}

// behind follows a distance from one record to the next; 0 ends the list.
func behind(records []byte, distance uint32) []byte {
	if distance == 0 || uint64(distance) >= uint64(len(records)) {
		return nil
	}
	return records[distance:]
}

// glibcVersion gives the number of a symbol version such as GLIBC_2.34, "" for another.
func glibcVersion(symbol string) string {
	version, ok := strings.CutPrefix(symbol, "GLIBC_")
	if !ok || strings.Trim(version, "0123456789.") != "" {
		return ""
	}
	return version
}

// compareDotted orders versions such as 2.4 and 2.34; "" comes first.
func compareDotted(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		m, _ := strconv.Atoi(x)
		n, _ := strconv.Atoi(y)
		return m - n
	})
}

// magicScanner looks for the block with which every module tells what it was compiled for: five numbers of 32 bits,
// aligned to 4 bytes, that begin with the block's length and the server's version.
// https://www.postgresql.org/docs/current/xfunc-c.html#XFUNC-C-DYNLOAD (PG_MODULE_MAGIC)
type magicScanner struct {
	buffer   []byte
	versions []int
}

const (
	magicSize   = 20
	magicBuffer = 8 << 10
	// What follows length and version: FUNC_MAX_ARGS, INDEX_MAX_KEYS and NAMEDATALEN as PostgreSQL is built everywhere.
	funcMaxArgs  = 100
	indexMaxKeys = 32
	nameDataLen  = 64
	// mostVersions bounds what a file full of blocks can say.
	mostVersions = 8
)

// isMagicLength knows the block's lengths in bytes: up to 14, from 15 to 17, and from 18 on.
func isMagicLength(n uint32) bool { return n == 24 || n == 28 || n == 56 || n == 72 }

// scan takes the next bytes. The first that it is given are at a multiple of 4 in the file.
func (m *magicScanner) scan(p []byte, order binary.ByteOrder) {
	for len(p) > 0 {
		n := min(len(p), magicBuffer-len(m.buffer))
		m.buffer = append(m.buffer, p[:n]...)
		p = p[n:]
		at := 0
		for ; at+magicSize <= len(m.buffer); at += 4 {
			// Comparing one byte first is much faster.
			if m.buffer[at+16] == nameDataLen || m.buffer[at+19] == nameDataLen {
				m.look(m.buffer[at:], order)
			}
		}
		m.buffer = append(m.buffer[:0], m.buffer[at:]...)
	}
}

func (m *magicScanner) look(p []byte, order binary.ByteOrder) {
	number := func(i int) uint32 { return order.Uint32(p[4*i:]) }
	major := int(number(1) / 100)
	if isMagicLength(number(0)) && number(1)%100 == 0 && major >= oldestMajor && major <= newestMajor &&
		number(2) == funcMaxArgs && number(3) == indexMaxKeys && number(4) == nameDataLen &&
		!slices.Contains(m.versions, major) && len(m.versions) < mostVersions {
		m.versions = append(m.versions, major)
		slices.Sort(m.versions)
	}
}
