//! Text of a limited length, put together without allocating.

/// Up to `N` bytes. What does not fit is cut off.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const EMPTY: Self = Self { bytes: [0; N], len: 0 };

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> &mut Self {
        let fits = bytes.len().min(N - self.len);
        self.bytes[self.len..self.len + fits].copy_from_slice(&bytes[..fits]);
        self.len += fits;
        self
    }

    /// Takes the last byte away.
    pub(crate) fn pop(&mut self) {
        self.len = self.len.saturating_sub(1);
    }

    /// A number with at least this many digits.
    pub(crate) fn push_number(&mut self, number: u64, digits: usize) -> &mut Self {
        self.push_in(10, number, digits)
    }

    /// The same in hexadecimal.
    pub(crate) fn push_hex(&mut self, number: u64, digits: usize) -> &mut Self {
        self.push_in(16, number, digits)
    }

    fn push_in(&mut self, base: u64, mut number: u64, digits: usize) -> &mut Self {
        let mut reversed = [b'0'; 20];
        let mut len = 0;
        while number > 0 {
            reversed[len] = b"0123456789abcdef"[(number % base) as usize];
            number /= base;
            len += 1;
        }
        let len = len.max(digits.min(reversed.len())).max(1);
        reversed[..len].reverse();
        self.push(&reversed[..len])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(number: u64, digits: usize) -> Vec<u8> {
        let mut text = Text::<32>::EMPTY;
        text.push_number(number, digits).as_bytes().to_vec()
    }

    #[test]
    fn numbers_have_their_digits() {
        assert_eq!(number(0, 0), b"0");
        assert_eq!(number(7, 3), b"007");
        assert_eq!(number(12345, 3), b"12345");
        assert_eq!(number(u64::MAX, 2), b"18446744073709551615");
        let mut text = Text::<8>::EMPTY;
        assert_eq!(text.push_hex(255, 4).as_bytes(), b"00ff");
    }

    #[test]
    fn what_does_not_fit_is_cut_off() {
        let mut text = Text::<4>::EMPTY;
        assert_eq!(text.push(b"abc").push(b"def").push(b"g").as_bytes(), b"abcd");
    }
}
