//! Classes of bytes. One of no class stands for itself in any word.

pub(super) const BLANK: u8 = 1;
pub(super) const NEWLINE: u8 = 2;
pub(super) const META: u8 = 4;
pub(super) const QUOTE: u8 = 8;
pub(super) const GLOB: u8 = 16;
pub(super) const BRACE: u8 = 32;
/// Means something between braces only.
pub(super) const COMMA: u8 = 64;
/// Means something in double quotes too.
pub(super) const EXPANDS: u8 = 128;

pub(super) const WORD_END: u8 = BLANK | NEWLINE | META;
pub(super) const NOT_PLAIN: u8 = !COMMA;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    loop {
        #[allow(clippy::indexing_slicing, reason = "a byte is an index into 256 places")]
        {
            classes[byte as usize] = match byte {
                b' ' | b'\t' => BLANK,
                b'\n' => NEWLINE,
                b';' | b'&' | b'|' | b'<' | b'>' | b'(' | b')' => META,
                b'\'' => QUOTE,
                b'"' | b'\\' | b'$' | b'`' => EXPANDS,
                b'*' | b'?' | b'[' => GLOB,
                b'{' | b'}' => BRACE,
                b',' => COMMA,
                _ => 0,
            };
        }
        if byte == u8::MAX {
            break classes;
        }
        byte += 1;
    }
};

#[allow(clippy::indexing_slicing, reason = "a byte is an index into 256 places")]
pub(super) const fn of(byte: u8) -> u8 {
    CLASSES[byte as usize]
}
