//! Dice that fall the same on every machine.

/// Numbers that look random and are the same on every machine (xorshift64).
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 to below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}
