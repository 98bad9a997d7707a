// SPDX-License-Identifier: LGPL-2.1-only
//! Pictures as SVG. Axes are logarithmic, from one power of ten to another.

use crate::numbers::{duration, times};

const C: &str = "#c2571a";
const OURS: &str = "#1f6fb2";
const GRID: &str = "#ddd";

/// A name, the C library's time and ours.
pub type Bars<'a> = (&'a str, [f64; 2]);

/// A picture of curves: its title, the C library's points and ours.
pub type Panel = (&'static str, [Vec<(f64, f64)>; 2]);

struct Axis {
    powers: [i32; 2],
    ends: [f64; 2],
}

impl Axis {
    /// An axis for these numbers, between these places of the picture.
    fn new(numbers: impl Iterator<Item = f64>, ends: [f64; 2]) -> Axis {
        let powers: Vec<f64> = numbers.map(f64::log10).collect();
        let least = powers
            .iter()
            .map(|power| power.floor() as i32)
            .min()
            .unwrap_or(0);
        let most = powers
            .iter()
            .map(|power| power.ceil() as i32)
            .max()
            .unwrap_or(0);
        Axis {
            powers: [least, most.max(least + 1)],
            ends,
        }
    }

    fn place(&self, number: f64) -> f64 {
        let [from, to] = self.powers.map(f64::from);
        self.ends[0] + (number.log10() - from) / (to - from) * (self.ends[1] - self.ends[0])
    }

    /// Powers of ten, and their places.
    fn marks(&self) -> impl Iterator<Item = (f64, f64)> {
        let numbers = (self.powers[0]..=self.powers[1]).map(|power| 10f64.powi(power));
        numbers.map(|number| (number, self.place(number)))
    }
}

struct Svg(String);

impl Svg {
    fn new(width: f64, height: f64, title: &str) -> Svg {
        let mut svg = Svg(format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12">
<title>{title}</title>
<rect width="{width}" height="{height}" fill="white"/>
"#
        ));
        for (x, name, color) in [(10.0, "C library", C), (110.0, "ours", OURS)] {
            svg.bar([x, 6.0], [12.0, 12.0], color);
            svg.text([x + 18.0, 16.0], "start", name);
        }
        svg.text([width - 10.0, 16.0], "end", title);
        svg
    }

    fn text(&mut self, [x, y]: [f64; 2], anchor: &str, text: &str) {
        self.0 +=
            &format!("<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>\n");
    }

    fn bar(&mut self, [x, y]: [f64; 2], [width, height]: [f64; 2], color: &str) {
        let size = format!(r#"width="{width:.1}" height="{height:.1}""#);
        self.0 += &format!("<rect x=\"{x:.1}\" y=\"{y:.1}\" {size} fill=\"{color}\"/>\n");
    }

    fn line(&mut self, points: &[[f64; 2]], color: &str) {
        let points: String = points
            .iter()
            .map(|[x, y]| format!(" {x:.1},{y:.1}"))
            .collect();
        let style = format!(r#"fill="none" stroke="{color}" stroke-width="1.5""#);
        self.0 += &format!("<polyline points=\"{}\" {style}/>\n", points.trim_start());
    }

    fn end(self) -> String {
        self.0 + "</svg>\n"
    }
}

/// Times as horizontal bars, two a row, with the ratio behind them.
pub fn bars(title: &str, rows: &[Bars]) -> String {
    let [left, right, top] = [190.0, 660.0, 30.0];
    let bottom = top + 36.0 * rows.len() as f64;
    let axis = Axis::new(rows.iter().flat_map(|(_, took)| *took), [left, right]);
    let mut svg = Svg::new(760.0, bottom + 24.0, title);
    for (micros, x) in axis.marks() {
        svg.line(&[[x, top], [x, bottom]], GRID);
        svg.text([x, bottom + 16.0], "middle", &duration(micros));
    }
    for (index, (name, took)) in rows.iter().enumerate() {
        let y = top + 36.0 * index as f64;
        svg.text([left - 8.0, y + 22.0], "end", name);
        svg.bar([left, y + 5.0], [axis.place(took[0]) - left, 12.0], C);
        svg.bar([left, y + 18.0], [axis.place(took[1]) - left, 12.0], OURS);
        let ratio = format!("{} times", times(took[0] / took[1]));
        svg.text([right + 14.0, y + 22.0], "start", &ratio);
    }
    svg.end()
}

/// Curves, three panels a row.
pub fn curves(title: &str, panels: &[Panel]) -> String {
    let rows = panels.len().div_ceil(3) as f64;
    let mut svg = Svg::new(900.0, 24.0 + 250.0 * rows, title);
    for (index, (title, curves)) in panels.iter().enumerate() {
        let left = 300.0 * (index % 3) as f64 + 60.0;
        let top = 250.0 * (index / 3) as f64 + 54.0;
        let [right, bottom] = [left + 220.0, top + 190.0];
        let points = || curves.iter().flatten();
        let x_axis = Axis::new(points().map(|point| point.0), [left, right]);
        let y_axis = Axis::new(points().map(|point| point.1), [bottom, top]);
        svg.text([(left + right) / 2.0, top - 10.0], "middle", title);
        for (number, x) in x_axis.marks() {
            svg.line(&[[x, top], [x, bottom]], GRID);
            svg.text([x, bottom + 16.0], "middle", &number.to_string());
        }
        for (micros, y) in y_axis.marks() {
            svg.line(&[[left, y], [right, y]], GRID);
            svg.text([left - 6.0, y + 4.0], "end", &duration(micros));
        }
        for (curve, color) in curves.iter().zip([C, OURS]) {
            let places = curve
                .iter()
                .map(|(x, y)| [x_axis.place(*x), y_axis.place(*y)]);
            let places: Vec<[f64; 2]> = places.collect();
            svg.line(&places, color);
            for [x, y] in places {
                svg.bar([x - 2.5, y - 2.5], [5.0, 5.0], color);
            }
        }
    }
    svg.end()
}
