//! Strings with a byte for each `%XX`.

/// Writes it, and returns how many bytes there are.
pub(super) fn decode(from: &[u8], to: &mut [u8]) -> usize {
    to.iter_mut().zip(decoded(from)).map(|(place, byte)| *place = byte).count()
}

/// Appends it, where there is room for all of `from`.
pub(super) fn decode_onto(from: &[u8], to: &mut Vec<u8>) {
    to.extend(decoded(from));
}

/// A string cannot hold a NUL, so `%00` is none.
fn decoded(from: &[u8]) -> impl Iterator<Item = u8> {
    let digit = |at: usize| char::from(*from.get(at)?).to_digit(16);
    let mut at = 0;
    std::iter::from_fn(move || {
        let &byte = from.get(at)?;
        let code = match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => (high * 16 + low) as u8,
            _ => 0,
        };
        at += if code == 0 { 1 } else { 3 };
        Some(if code == 0 { byte } else { code })
    })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn bytes_are_decoded() {
        for (from, to) in [
            ("a%0Ab%09%25", "a\nb\t%"),
            ("%", "%"),
            ("100%", "100%"),
            ("%0", "%0"),
            ("%zz%0g", "%zz%0g"),
            ("%00", "%00"),
            ("%ff", "\u{ff}"),
        ] {
            let mut text = [0; 16];
            let count = decode(from.as_bytes(), &mut text);
            let decoded: String = text[..count].iter().map(|&byte| char::from(byte)).collect();
            assert_eq!(decoded, to);
        }
    }
}
