//! The row of houses on top of the page: a small town that the run's seed builds.

use std::fmt::Write as _;

const WIDTH: u64 = 1140;
const GROUND: u64 = 104;

/// The picture. One seed, one street.
pub(crate) fn svg(seed: u64) -> String {
    let mut dice = Dice(seed);
    let mut svg = format!(
        "<svg class=\"skyline\" viewBox=\"0 0 {WIDTH} 140\" preserveAspectRatio=\"xMidYMax slice\" aria-hidden=\"true\">\
        <circle class=\"sun\" cx=\"{}\" cy=\"34\" r=\"17\"/>",
        760 + dice.below(280)
    );
    for _ in 0..26 {
        let (x, y) = (dice.below(WIDTH), 4 + dice.below(44));
        write!(
            svg,
            "<circle class=\"star\" cx=\"{x}\" cy=\"{y}\" r=\"1.1\"/>"
        )
        .ok();
    }
    let (a, b) = (dice.below(30), dice.below(30));
    write!(
        svg,
        "<path class=\"hill far\" d=\"M0 {} C 190 {}, 330 {}, 560 84 S 930 {}, {WIDTH} 72 V140 H0Z\"/>",
        88 - a / 2,
        40 + a,
        66 + b,
        44 + b
    )
    .ok();
    let mut x = 14 + dice.below(24);
    while x < WIDTH - 60 {
        x += match dice.below(5) {
            0 => tree(&mut svg, &mut dice, x),
            _ => house(&mut svg, &mut dice, x),
        };
        x += 8 + dice.below(34);
    }
    write!(
        svg,
        "<path class=\"hill\" d=\"M0 102 Q 285 97 570 102 T {WIDTH} 101 V140 H0Z\"/></svg>"
    )
    .ok();
    svg
}

fn house(svg: &mut String, dice: &mut Dice, x: u64) -> u64 {
    let (width, height, roof) = (
        26 + dice.below(26),
        18 + dice.below(22),
        12 + dice.below(12),
    );
    let (right, top, ridge) = (x + width, GROUND - height, x + width / 2);
    let tone = dice.below(3);
    if dice.below(2) == 0 {
        let chimney = x + width * 3 / 4;
        write!(
            svg,
            "<rect class=\"roof\" x=\"{chimney}\" y=\"{}\" width=\"5\" height=\"{roof}\"/>",
            top - roof
        )
        .ok();
    }
    write!(
        svg,
        "<rect class=\"house{tone}\" x=\"{x}\" y=\"{top}\" width=\"{width}\" height=\"{height}\"/>\
        <path class=\"roof\" d=\"M{} {top}L{ridge} {}L{} {top}Z\"/>",
        x - 4,
        top - roof,
        right + 4,
    )
    .ok();
    for column in 0..(width - 6) / 11 {
        for row in 0..(height - 6) / 13 {
            let lit = if dice.below(3) > 0 { " lit" } else { "" };
            let (wx, wy) = (x + 6 + column * 11, top + 6 + row * 13);
            write!(
                svg,
                "<rect class=\"window{lit}\" x=\"{wx}\" y=\"{wy}\" width=\"5\" height=\"6\"/>"
            )
            .ok();
        }
    }
    width
}

fn tree(svg: &mut String, dice: &mut Dice, x: u64) -> u64 {
    let (radius, trunk) = (9 + dice.below(7), 8 + dice.below(6));
    let (middle, crown) = (x + radius, GROUND - trunk - radius);
    write!(
        svg,
        "<rect class=\"roof\" x=\"{}\" y=\"{}\" width=\"3\" height=\"{}\"/><circle class=\"tree\" cx=\"{middle}\" cy=\"{crown}\" r=\"{radius}\"/>",
        middle - 1,
        crown + radius - 3,
        trunk + 5,
    )
    .ok();
    2 * radius
}

/// Chance for ornament: a linear congruential generator is plenty.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_builds_one_street() {
        for seed in [0, 1, 7, u64::MAX] {
            assert_eq!(svg(seed), svg(seed));
            assert!(svg(seed).matches("house").count() > 8);
        }
        assert_ne!(svg(1), svg(2));
    }
}
