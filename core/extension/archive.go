package extension

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"

	"pgtrunk.io/registry/core/fault"
)

// Limits bounds what an archive may unpack to.
type Limits struct {
	// Entries is how many files and folders there may be.
	Entries int
	// Unpacked is how long the tar stream may be, in bytes.
	Unpacked int64
	// Beyond RatioFrom bytes the tar stream may be Ratio times as long as the gzip stream.
	RatioFrom int64
	Ratio     int64
}

// DefaultLimits are the registry's.
func DefaultLimits() Limits {
	return Limits{Entries: 10_000, Unpacked: 512 << 20, RatioFrom: 64 << 20, Ratio: 50}
}

// source is the upload. It counts, and remembers an error of the upload itself, which no decoder may rephrase.
type source struct {
	from io.Reader
	read int64
	err  error
}

// Read reads from the upload.
func (s *source) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	s.read += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// bufferSize is that of the buffers between upload and decoder and between decoder and hash.
const bufferSize = 64 << 10

// archive reads the entries of a .tar.gz and refuses every form that two readers could read differently.
// https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13 (ustar, pax),
// https://www.gnu.org/software/tar/manual/html_node/Standard.html (GNU), RFC 1952 (gzip).
type archive struct {
	limits Limits
	source *source
	packed *bufio.Reader
	gzip   *gzip.Reader
	raw    rawTape
	tar    *tar.Reader
	paths  paths
	count  int
}

// openArchive reads the gzip header.
//
// Errors: archive_not_gzip, archive_truncated.
func openArchive(upload io.Reader, limits Limits) (*archive, error) {
	a := &archive{limits: limits, source: &source{from: upload}}
	a.packed = bufio.NewReaderSize(a.source, bufferSize)
	if magic, err := a.packed.Peek(len(gzipMagic)); string(magic) != gzipMagic {
		if a.source.err != nil {
			return nil, a.source.err
		}
		return nil, fault.New(fault.ArchiveNotGzip, "The file is not compressed with gzip. Send a .tar.gz as trunk build makes it.").Because(err)
	}
	var err error
	if a.gzip, err = gzip.NewReader(a.packed); err != nil {
		return nil, a.explain(err)
	}
	a.gzip.Multistream(false)
	a.raw = rawTape{from: limited{a}}
	a.tar = tar.NewReader(&a.raw)
	return a, nil
}

// limited is the unpacked stream up to its limits.
type limited struct{ *archive }

// Read reads from the gzip stream.
func (l limited) Read(p []byte) (int, error) {
	n, err := l.gzip.Read(p)
	unpacked, packed := l.raw.offset+int64(n), l.source.read-int64(l.packed.Buffered())
	switch {
	case unpacked > l.limits.Unpacked:
		return 0, fault.New(fault.ArchiveTooLarge, "The archive unpacks to more than %d MiB. Make it smaller, or split the project.", l.limits.Unpacked>>20)
	case unpacked > l.limits.RatioFrom && unpacked > packed*l.limits.Ratio:
		return 0, fault.New(fault.ArchiveRatio, "The archive unpacks to more than %d times its size. Compress real files only.", l.limits.Ratio)
	}
	return n, err
}

// next gives the next regular file or folder; io.EOF after the last.
//
// Errors: archive_*.
func (a *archive) next() (*tar.Header, error) {
	a.raw.expectHeader()
	header, err := a.tar.Next()
	if errors.Is(err, io.EOF) && a.source.err == nil {
		if err := a.finish(); err != nil {
			return nil, err
		}
		return nil, io.EOF
	}
	if err != nil {
		return nil, a.explain(err)
	}
	if a.count++; a.count > a.limits.Entries {
		return nil, fault.New(fault.ArchiveTooManyFiles, "The archive has more than %d entries. Leave out what is not installed.", a.limits.Entries)
	}
	if err := a.raw.check(header); err != nil {
		return nil, err
	}
	return header, a.paths.add(strings.TrimSuffix(header.Name, "/"), header.Typeflag == tar.TypeDir)
}

// read passes the current file's bytes on.
func (a *archive) read(to io.Writer, buffer []byte) (int64, error) {
	n, err := io.CopyBuffer(to, struct{ io.Reader }{a.tar}, buffer)
	return n, a.explain(err)
}

// finish reads behind the last entry: two blocks of zeros have to be there, any number more may be, and nothing else.
func (a *archive) finish() error {
	if a.raw.zeroBlocks < tapeEnd {
		return fault.New(fault.ArchiveTruncated, "The archive ends without the two blocks of zeros that end a tar. It is cut off: build or send it again.")
	}
	buffer := make([]byte, bufferSize)
	for {
		n, err := a.raw.from.Read(buffer)
		a.raw.offset += int64(n)
		if len(bytes.Trim(buffer[:n], "\x00")) > 0 {
			return fault.New(fault.ArchiveTrailingData, "The archive goes on after the end of its tar. Build it again.")
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return a.explain(err)
		}
	}
	behind, err := a.packed.Peek(len(gzipMagic))
	switch {
	case a.source.err != nil:
		return a.source.err
	case len(behind) == 0 && errors.Is(err, io.EOF):
		return nil
	case string(behind) == gzipMagic:
		return fault.New(fault.ArchiveMultiMember, "The file is several gzip streams one after another. Compress the tar as one.")
	default:
		return fault.New(fault.ArchiveTrailingData, "The file goes on after the end of its gzip stream. Build it again.")
	}
}

const gzipMagic = "\x1f\x8b"

// explain turns an error of a decoder into a fault. An error of the upload itself stays what it is.
func (a *archive) explain(err error) error {
	if err == nil {
		return nil
	}
	if a.source.err != nil {
		return a.source.err
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fault.New(fault.ArchiveTruncated, "The archive is cut off. Build or send it again.").Because(err)
	default:
		return fault.New(fault.ArchiveCorrupt, "The archive cannot be read: its gzip or tar structure is broken. Build it again.").Because(err)
	}
}

const (
	blockSize = 512
	// tapeEnd is how many blocks of zeros end a tar.
	tapeEnd = 2
)

// rawTape passes a tar stream on and keeps the headers as they are written, to compare them with what the decoder made
// of them: where a header can be read in two ways, another program may unpack something else.
type rawTape struct {
	from   io.Reader
	offset int64
	// expected is the offset of the next header.
	expected int64
	block    [blockSize]byte
	filled   int
	// kinds are the type flags of the headers since the last entry.
	kinds      []byte
	zeroBlocks int
	done       bool
}

// Read reads from the stream and watches for headers.
func (r *rawTape) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.watch(p[:n])
	r.offset += int64(n)
	return n, err
}

func (r *rawTape) watch(p []byte) {
	offset := r.offset
	for !r.done && len(p) > 0 {
		if skip := r.expected + int64(r.filled) - offset; skip > 0 {
			skip = min(skip, int64(len(p)))
			p, offset = p[skip:], offset+skip
			continue
		}
		n := copy(r.block[r.filled:], p)
		p, offset, r.filled = p[n:], offset+int64(n), r.filled+n
		if r.filled == blockSize {
			r.header()
		}
	}
}

// header looks at a whole header. Those that only describe the next one are passed over.
func (r *rawTape) header() {
	r.filled = 0
	if r.block == [blockSize]byte{} {
		r.zeroBlocks++
		r.expected += blockSize
		r.done = r.zeroBlocks == tapeEnd
		return
	}
	r.zeroBlocks = 0
	kind := r.block[156]
	r.kinds = append(r.kinds, kind)
	size, ok := r.size()
	if !ok || !strings.ContainsRune("xgLK", rune(kind)) {
		r.done = true
		return
	}
	r.expected += blockSize + (size+blockSize-1)/blockSize*blockSize
}

// expectHeader says that a header comes at the next block.
func (r *rawTape) expectHeader() {
	r.expected = (r.offset + blockSize - 1) / blockSize * blockSize
	r.filled, r.kinds, r.done = 0, r.kinds[:0], false
}

// size reads the size as it is written: octal digits, or in GNU's form a binary number after a byte with the top bit.
func (r *rawTape) size() (int64, bool) { return tapeNumber(r.block[124:136]) }

func tapeNumber(field []byte) (int64, bool) {
	var n int64
	if field[0]&0x80 != 0 {
		for i, b := range field {
			if i == 0 {
				b &= 0x7f
			}
			if n >= 1<<54 {
				return 0, false
			}
			n = n<<8 | int64(b)
		}
		return n, true
	}
	for _, b := range bytes.Trim(field, " \x00") {
		if b < '0' || b > '7' {
			return 0, false
		}
		n = n<<3 | int64(b-'0')
	}
	return n, true
}

// check compares an entry with its header and refuses all but plain files and folders.
func (r *rawTape) check(header *tar.Header) error {
	size, ok := r.size()
	switch {
	case r.isSparse(header):
		return fault.New(fault.ArchiveSparse, "The entry %q is a sparse file. Pack it as a plain one.", shorten(header.Name))
	case header.Typeflag != tar.TypeReg && header.Typeflag != tar.TypeDir:
		return fault.New(fault.ArchiveEntryType, "The entry %q is %s. An archive holds regular files and folders only.",
			shorten(header.Name), entryKind(header.Typeflag))
	case !ok || size != header.Size || header.Typeflag == tar.TypeDir && size != 0:
		return fault.New(fault.ArchiveSizeConflict, "The entry %q has a size that programs read differently. Build the archive again.", shorten(header.Name))
	case strings.HasSuffix(header.Name, "/") && r.block[156] != tar.TypeDir:
		return fault.New(fault.ArchiveEntryType, "The entry %q is a file by its type and a folder by its name. Build the archive again.", shorten(header.Name))
	case r.isAmbiguous():
		return fault.New(fault.ArchiveCorrupt, "The header of the entry %q can be read in two ways. Build the archive again.", shorten(header.Name))
	}
	return nil
}

func (r *rawTape) isSparse(header *tar.Header) bool {
	for key := range header.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return header.Typeflag == tar.TypeGNUSparse
}

// isAmbiguous finds forms that programs are known to read differently: more than one header that describes the next,
// the form of star, and times in GNU's form that older programs take for the beginning of a name.
func (r *rawTape) isAmbiguous() bool {
	if chain := string(r.kinds[:len(r.kinds)-1]); chain != "" && chain != "L" && chain != "x" {
		return true
	}
	magic := string(r.block[257:263])
	if magic == "ustar\x00" {
		return string(r.block[508:512]) == "tar\x00"
	}
	_, accessOK := tapeNumber(r.block[345:357])
	_, changeOK := tapeNumber(r.block[357:369])
	return magic == "ustar " && (!accessOK || !changeOK)
}

func entryKind(flag byte) string {
	switch flag {
	case tar.TypeLink:
		return "a hard link"
	case tar.TypeSymlink:
		return "a symbolic link"
	case tar.TypeChar, tar.TypeBlock:
		return "a device"
	case tar.TypeFifo:
		return "a named pipe"
	default:
		return "of a special kind"
	}
}
