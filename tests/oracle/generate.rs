// SPDX-License-Identifier: LGPL-2.1-only
//! Random sequences of calls. Rules of one sequence share few system calls,
//! arguments and data, so that they meet in every way.

use scmp::{Arch, Endian};

use super::call::{Call, Compared};
use super::random::Random;
use super::vocabulary::Vocabulary;

/// Which operators a sequence draws from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mix {
    /// `==` and masked equality: what nearly all real rules use.
    Equality,
    /// These and `!=`.
    Inequality,
    /// `<`, `<=`, `>=`, `>`.
    Order,
    /// All.
    All,
}

impl Mix {
    pub const ALL: [Mix; 4] = [Mix::Equality, Mix::Inequality, Mix::Order, Mix::All];

    pub fn describe(self) -> &'static str {
        match self {
            Mix::Equality => "== and & ==",
            Mix::Inequality => "also !=",
            Mix::Order => "< <= >= >",
            Mix::All => "all seven",
        }
    }

    fn operators(self) -> &'static [u32] {
        match self {
            Mix::Equality => &[4, 4, 7],
            Mix::Inequality => &[4, 7, 1],
            Mix::Order => &[2, 3, 5, 6],
            Mix::All => &[1, 2, 3, 4, 5, 6, 7],
        }
    }

    /// Of 20 sequences, 9 are of the first.
    pub fn of(index: u64) -> Mix {
        match index % 20 {
            0..9 => Mix::Equality,
            9..12 => Mix::Inequality,
            12..15 => Mix::Order,
            _ => Mix::All,
        }
    }
}

const ACTIONS: [u32; 10] = [
    0x7fff_0000,
    0x0000_0000,
    0x8000_0000,
    0x0003_0000,
    0x0005_0000,
    0x0005_0001,
    0x0005_0ffe,
    0x7ff0_0007,
    0x7ffc_0000,
    0x7fc0_0000,
];

/// No actions. `SCMP_ACT_TRAPX` is not among them: only one side has it.
const BAD_ACTIONS: [u32; 5] = [1, 0x8000_0001, 0x0005_0fff, 0x7fff_0001, 0xdead_0000];

const NAMES: &str = "\
    ioctl read write openat open clone personality mmap mmap2 socket connect accept accept4 send \
    sendto recvmmsg socketcall shmat shmget semop semtimedop msgctl ipc prctl waitpid getpid";

const HALVES: [u64; 10] = [
    0,
    1,
    2,
    3,
    5,
    0x10,
    0x7fff_ffff,
    0x8000_0000,
    0xffff_fffe,
    0xffff_ffff,
];

const MASKS: [u64; 12] = [
    0,
    1,
    3,
    0xff,
    0xf0,
    0xffff_ffff,
    0x8000_0000,
    0x1_0000_0000,
    0xffff_ffff_0000_0000,
    0x1_0000_0001,
    0x7fff_ffff_ffff_ffff,
    u64::MAX,
];

/// The values from which the rules of a sequence are drawn.
struct Stock {
    actions: Vec<u32>,
    numbers: Vec<i32>,
    arguments: Vec<u32>,
    data: Vec<u64>,
    masks: Vec<u64>,
    operators: Vec<u32>,
    unconditional: usize,
    relatives: usize,
    exact: usize,
}

struct Generator<'a> {
    random: Random,
    shared: &'a Vocabulary,
    stock: Stock,
    calls: Vec<Call>,
    rules: Vec<Vec<Compared>>,
    /// Open transactions of each filter.
    open: [usize; 2],
    default: u32,
}

pub fn sequence(seed: u64, mix: Mix, shared: &Vocabulary) -> Vec<Call> {
    let mut random = Random::new(seed);
    let stock = stock(&mut random, mix, shared);
    let mut generator = Generator::new(random, stock, shared);
    generator.sequence();
    generator.calls
}

/// One filter, for what its program decides: fewer rules are refused than in a
/// [`sequence`], and more have different actions.
pub fn filter(seed: u64, mix: Mix, shared: &Vocabulary) -> Vec<Call> {
    let mut random = Random::new(seed);
    let mut stock = stock(&mut random, mix, shared);
    stock.exact = random.pick(&[0, 0, 2, 40]);
    let mut generator = Generator::new(random, stock, shared);
    generator.draw_actions(&[1, 1, 2, 2, 3]);
    generator.start(0);
    generator.calls_on(0);
    if generator.random.chance(25) {
        generator.calls_on(0);
    }
    generator.calls
}

/// Rules that compare one argument with many values, most of them near each other, with
/// others among them: what level 2 searches.
pub fn values(seed: u64, shared: &Vocabulary) -> Vec<Call> {
    let mut random = Random::new(seed);
    let stock = many_values(&mut random, shared);
    let mut generator = Generator::new(random, stock, shared);
    generator.draw_actions(&[1, 2, 3]);
    generator.start(0);
    for _ in 0..generator.random.between(4, 40) {
        let rule = generator.rule(0);
        generator.calls.push(rule);
    }
    generator.calls
}

fn many_values(random: &mut Random, shared: &Vocabulary) -> Stock {
    let first = random.pick(&[0, 1, 0x40, 0x7fff_fff8, 0xffff_fff0]);
    let high = random.pick(&[0, 0, 1 << 32, u64::from(u32::MAX) << 32]);
    let spread = random.pick(&[1, 1, 2, 5]);
    let mut data: Vec<u64> = (0..40).map(|step| high | (first + spread * step)).collect();
    data.extend((0..3).map(|step| 1 << 32 | (first + spread * step)));
    let mut operators = vec![4; 10];
    for operator in operators.iter_mut().take(random.pick(&[0, 0, 1, 3])) {
        *operator = random.pick(&[1, 2, 5, 7]);
    }
    let mut actions = ACTIONS.to_vec();
    random.shuffle(&mut actions);
    actions.truncate(random.between(1, 3));
    Stock {
        actions,
        numbers: shared
            .number(random.pick(&["ioctl", "socket"]))
            .into_iter()
            .collect(),
        arguments: random.pick(&[&[1][..], &[1], &[1, 0], &[1, 2]]).to_vec(),
        data,
        masks: vec![0xffff_fffe],
        operators,
        unconditional: 0,
        relatives: random.pick(&[0, 0, 10]),
        exact: 0,
    }
}

fn stock(random: &mut Random, mix: Mix, shared: &Vocabulary) -> Stock {
    let names: Vec<&str> = NAMES.split(' ').collect();
    let mut numbers = Vec::new();
    for _ in 0..random.pick(&[1, 1, 1, 2, 3]) {
        let name = shared.number(random.pick(&names));
        numbers.push(match (random.below(100), name) {
            (0..70, Some(number)) => number,
            (70..73, _) => random.pick(&shared.nameless),
            _ => shared.names[random.below(shared.names.len())].1,
        });
    }
    let mut arguments = vec![0, 1, 2, 3, 4, 5];
    random.shuffle(&mut arguments);
    arguments.truncate(random.pick(&[1, 1, 2, 2, 3, 6]));

    let mut some = |count| {
        let mut halves = HALVES.to_vec();
        random.shuffle(&mut halves);
        halves.truncate(count);
        halves
    };
    let (high, low) = (some(2), some(4));
    let mut data: Vec<u64> = Vec::new();
    for &high in &high {
        data.extend(low.iter().map(|low| high << 32 | low));
    }
    if random.chance(10) {
        data.push(random.word());
    }
    random.shuffle(&mut data);
    data.truncate(random.pick(&[1, 2, 2, 3, 5, 8]));

    let mut masks = MASKS.to_vec();
    random.shuffle(&mut masks);
    masks.truncate(random.between(1, 4));
    let mut actions = ACTIONS.to_vec();
    random.shuffle(&mut actions);
    actions.truncate(random.pick(&[1, 1, 1, 2, 3]));
    Stock {
        actions,
        numbers,
        arguments,
        data,
        masks,
        operators: mix.operators().to_vec(),
        unconditional: random.pick(&[0, 0, 4, 15]),
        relatives: random.pick(&[0, 5, 25, 50]),
        exact: random.pick(&[0, 5, 100]),
    }
}

impl<'a> Generator<'a> {
    fn new(mut random: Random, stock: Stock, shared: &'a Vocabulary) -> Generator<'a> {
        Generator {
            default: random.pick(&ACTIONS),
            random,
            shared,
            stock,
            calls: Vec::new(),
            rules: Vec::new(),
            open: [0; 2],
        }
    }

    /// Others than the default action, which rules can't have.
    fn draw_actions(&mut self, counts: &[usize]) {
        let mut actions = ACTIONS.to_vec();
        actions.retain(|&action| action != self.default);
        self.random.shuffle(&mut actions);
        actions.truncate(self.random.pick(counts));
        self.stock.actions = actions;
    }

    fn sequence(&mut self) {
        self.start(0);
        self.calls_on(0);
        if self.random.chance(6) {
            self.second();
        }
        if self.random.chance(2) {
            self.calls.push(Call::Reset(0, self.default));
            self.open[0] = 0;
            self.calls_on(0);
        }
        self.calls.extend([Call::Text(0), Call::Program(0)]);
        // The same twice: what an export leaves behind.
        if self.random.chance(3) {
            let rule = self.rule(0);
            self.calls.push(rule);
            self.calls.extend([Call::Program(0), Call::Text(0)]);
        }
    }

    /// Another filter, that becomes part of the first.
    fn second(&mut self) {
        let default = self.default;
        if self.random.chance(10) {
            self.default = self.random.pick(&ACTIONS);
        }
        self.start(1);
        self.default = default;
        self.calls_on(1);
        self.calls.push(Call::Text(1));
        self.calls.push(Call::Merge(0, 1));
        if self.random.chance(70) {
            self.calls_on(0);
        }
    }

    fn start(&mut self, filter: u8) {
        self.calls.push(Call::Init(filter, self.default));
        let arches = self.arches();
        self.calls.extend(Call::cover(filter, &arches));
        if self.random.chance(20) {
            let action = self.random.pick(&ACTIONS);
            self.calls.push(Call::SetAttribute(filter, 2, action));
        }
        if self.random.chance(8) {
            self.calls.push(Call::SetAttribute(filter, 5, 1));
            self.stock.numbers.push(-1);
        }
        if self.shared.attributes.contains(&8) && self.random.chance(15) {
            self.calls.push(Call::SetAttribute(filter, 8, 2));
        }
    }

    fn arches(&mut self) -> Vec<Arch> {
        let random = &mut self.random;
        let of_order = |endian| {
            let all = self.shared.arches.iter().copied();
            all.filter(|arch| arch.endian() == endian).collect()
        };
        let native = Arch::native();
        let mut all: Vec<Arch> = match random.below(100) {
            0..45 => return vec![native],
            45..60 => vec![Arch::X86_64, Arch::X86, Arch::X32],
            60..70 => self.shared.arches.clone(),
            70..85 => of_order(Endian::Little),
            _ => of_order(Endian::Big),
        };
        match random.below(100) {
            0..10 => {}
            10..45 => random.shuffle(&mut all),
            _ => {
                random.shuffle(&mut all);
                let most = all.len().min(3);
                all.truncate(random.between(1, most));
            }
        }
        all
    }

    fn calls_on(&mut self, filter: u8) {
        for _ in 0..self.random.between(1, 8) {
            let call = match self.random.below(100) {
                0..78 => self.rule(filter),
                78..87 => {
                    let number = self.number();
                    Call::Priority(filter, number, self.random.pick(&[0, 1, 7, 100, 255]))
                }
                87..90 => self.arch(filter),
                90..94 if self.shared.has_function("transaction_start") => self.transaction(filter),
                94..96 => self.attribute(filter),
                96..98 => self.bad_rule(filter),
                _ => self.look(filter),
            };
            let to_memory = matches!(call, Call::ProgramToMemory(..));
            self.calls.push(call);
            // Its size and bytes are judged by the program.
            if to_memory {
                self.calls.push(Call::Program(filter));
            }
        }
        while self.open[usize::from(filter)] > 0 && self.random.chance(70) {
            let call = self.end_transaction(filter);
            self.calls.push(call);
        }
    }

    fn number(&mut self) -> i32 {
        match self.random.below(100) {
            0 => self.random.pick(&[-1, -2, -50, -99, -100, -101]),
            1 => self.random.pick(&self.shared.nameless),
            2..6 => self.shared.names[self.random.below(self.shared.names.len())].1,
            _ => self.random.pick(&self.stock.numbers),
        }
    }

    fn rule(&mut self, filter: u8) -> Call {
        let compared = self.comparisons();
        self.rules.push(compared.clone());
        let action = match self.random.below(50) {
            0 => self.default,
            1 => self.random.pick(&ACTIONS),
            _ => self.random.pick(&self.stock.actions),
        };
        Call::Rule {
            filter,
            exact: self.random.chance(self.stock.exact),
            action,
            number: self.number(),
            compared,
        }
    }

    fn comparisons(&mut self) -> Vec<Compared> {
        if !self.rules.is_empty() && self.random.chance(self.stock.relatives) {
            return self.relative();
        }
        if self.random.chance(self.stock.unconditional) {
            return Vec::new();
        }
        let mut arguments = self.stock.arguments.clone();
        self.random.shuffle(&mut arguments);
        arguments.truncate(self.random.between(1, arguments.len()));
        let all = arguments.into_iter();
        all.map(|argument| self.comparison(argument)).collect()
    }

    fn comparison(&mut self, argument: u32) -> Compared {
        let random = &mut self.random;
        let datum = random.pick(&self.stock.data);
        let operator = random.pick(&self.stock.operators);
        let (a, b) = match operator {
            7 => (random.pick(&self.stock.masks), datum),
            _ => (datum, 0),
        };
        Compared {
            argument,
            operator,
            a,
            b,
        }
    }

    /// An earlier rule's comparisons, all but one, or one of them changed.
    fn relative(&mut self) -> Vec<Compared> {
        let mut compared = self.rules[self.random.below(self.rules.len())].clone();
        if compared.len() > 1 && self.random.chance(40) {
            compared.remove(self.random.below(compared.len()));
        }
        if !compared.is_empty() && self.random.chance(50) {
            let place = self.random.below(compared.len());
            let old = compared[place];
            let operator = self.random.pick(&self.stock.operators);
            // Between masked and plain equality both data change places.
            compared[place] = match (operator == 7, old.operator == 7) {
                (true, false) => Compared {
                    operator,
                    a: self.random.pick(&self.stock.masks),
                    b: old.a,
                    ..old
                },
                (false, true) => Compared {
                    operator,
                    a: old.b,
                    b: 0,
                    ..old
                },
                _ => Compared { operator, ..old },
            };
        }
        self.random.shuffle(&mut compared);
        compared
    }

    fn bad_rule(&mut self, filter: u8) -> Call {
        let mut call = self.rule(filter);
        let Call::Rule {
            action, compared, ..
        } = &mut call
        else {
            return call;
        };
        let random = &mut self.random;
        let plain = Compared {
            argument: 0,
            operator: 4,
            a: 1,
            b: 0,
        };
        if compared.is_empty() {
            compared.push(plain);
        }
        let place = random.below(compared.len());
        match random.below(5) {
            0 => *action = random.pick(&BAD_ACTIONS),
            1 => compared[place].argument = random.pick(&[6, 7, 255, u32::MAX]),
            2 => compared[place].operator = random.pick(&[0, 8, 255]),
            3 => compared.push(compared[place]),
            _ => compared.resize(random.between(7, 9), plain),
        }
        call
    }

    fn arch(&mut self, filter: u8) -> Call {
        let token = match self.random.below(20) {
            0 => self.random.pick(&[1, 0xffff_ffff, 62]),
            1 => 0,
            _ => self.random.pick(&self.shared.arches).token(),
        };
        match self.random.below(3) {
            0 => Call::RemoveArch(filter, token),
            1 => Call::HasArch(filter, token),
            _ => Call::AddArch(filter, token),
        }
    }

    fn transaction(&mut self, filter: u8) -> Call {
        let open = &mut self.open[usize::from(filter)];
        // Rejecting without a transaction crashes the C library.
        if *open == 0 || self.random.chance(25) {
            *open += 1;
            return Call::Start(filter);
        }
        self.end_transaction(filter)
    }

    fn end_transaction(&mut self, filter: u8) -> Call {
        self.open[usize::from(filter)] -= 1;
        match self.random.chance(50) {
            true => Call::Reject(filter),
            false => Call::Commit(filter),
        }
    }

    fn attribute(&mut self, filter: u8) -> Call {
        let random = &mut self.random;
        let name = match random.chance(10) {
            true => random.pick(&[0, -1, 99]),
            false => random.pick(&self.shared.attributes),
        };
        let value = match name {
            1 | 2 if random.chance(80) => random.pick(&ACTIONS),
            1 | 2 => random.pick(&BAD_ACTIONS),
            _ => random.pick(&[0, 1, 1, 2, 3, u32::MAX]),
        };
        match random.chance(30) {
            true => Call::Attribute(filter, name),
            false => Call::SetAttribute(filter, name, value),
        }
    }

    fn look(&mut self, filter: u8) -> Call {
        match self.random.below(4) {
            0 if self.shared.has_function("export_bpf_mem") => {
                // Larger than the program is a difference on purpose.
                Call::ProgramToMemory(filter, self.random.pick(&[0, 1, 8]))
            }
            1 if self.shared.has_function("precompute") => Call::Precompute(filter),
            2 => Call::Program(filter),
            _ => Call::Text(filter),
        }
    }
}
