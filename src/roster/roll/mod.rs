//! An honour roll in Markdown to one table: all its tables with names and its lists of names,
//! with the category and the year that the headings above them say. [`page`] parts the page,
//! [`heading`] understands headings.

mod gather;
mod heading;
mod page;

use super::table::{Table, markdown};
use super::{Defaults, Problem, columns};
use crate::issuer::Issuer;
use gather::Gatherer;
use page::Block;

/// A roll that has been read.
#[derive(Debug)]
pub struct Roll {
    /// Its people.
    pub table: Table,
    /// What has been left out.
    pub notes: Vec<String>,
}

/// Reads an honour roll; nothing where the text has no table and no list that could be one.
/// What `defaults` say goes before what headings say.
///
/// # Errors
/// People under no heading that names a category, when `defaults` name none either.
pub fn read(
    text: &str,
    issuer: &Issuer,
    defaults: &Defaults,
) -> Result<Option<Roll>, Vec<Problem>> {
    let blocks = page::blocks(text);
    if !blocks.iter().any(|block| !matches!(block, Block::Heading { .. })) {
        return Ok(None);
    }
    let mut gatherer = Gatherer::new(issuer, text.len());
    let mut problems = Vec::new();
    let mut left_out = Vec::new();
    for section in sections(blocks, issuer, defaults) {
        let (with_names, others): (Vec<_>, Vec<_>) =
            section.blocks.iter().partition(|block| has_names(block, defaults));
        // Beside a table of people, a list is about something else; so it is where no heading
        // says whose names it might have.
        let tables = with_names.iter().any(|block| matches!(block, Block::Table(_)));
        let is_people = |block: &&Block<'_>| match block {
            Block::List(_) => !tables && section.says.category.is_some(),
            _ => true,
        };
        let (people, beside): (Vec<&Block<'_>>, Vec<_>) =
            with_names.into_iter().partition(is_people);
        left_out.extend(others.into_iter().chain(beside).filter_map(left));
        if let (Some(first), None) = (people.first(), &section.says.category) {
            problems.push(without_category(line(first), &section.heading, issuer));
            continue;
        }
        for block in people {
            match block {
                Block::Table(lines) => gatherer.table(lines, &section.says)?,
                Block::List(items) => gatherer.list(items, &section.says)?,
                Block::Heading { .. } => {}
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let Some(table) = gatherer.finish() else {
        return Err(vec![Problem::of_file(
            format!("no people are found on this page; {}", left_out.join(", ")),
            "put them under a heading that names a category, or say --category",
        )]);
    };
    let notes = (!left_out.is_empty()).then(|| format!("left out: {}", left_out.join(", ")));
    Ok(Some(Roll { table, notes: notes.into_iter().collect() }))
}

/// What stands between two headings.
#[derive(Debug, Default)]
struct Section<'a> {
    /// The nearest heading above.
    heading: String,
    says: Says,
    blocks: Vec<Block<'a>>,
}

/// What is said of all people of a section.
#[derive(Debug, Clone, Default)]
struct Says {
    /// The key of their category.
    category: Option<String>,
    /// Their year, where their number does not say it.
    year: Option<u16>,
}

/// Parts the blocks of a page by its headings. What one heading does not say, the headings
/// above it may.
fn sections<'a>(blocks: Vec<Block<'a>>, issuer: &Issuer, defaults: &Defaults) -> Vec<Section<'a>> {
    let said =
        Says { category: defaults.category.as_ref().map(ToString::to_string), year: defaults.year };
    let mut sections = vec![Section { says: said.clone(), ..Section::default() }];
    let mut above: Vec<(usize, Says)> = Vec::new();
    for block in blocks {
        if let Block::Heading { level, text, .. } = block {
            while above.last().is_some_and(|(other, _)| *other >= level) {
                above.pop();
            }
            let outer = above.last().map(|(_, says)| says.clone()).unwrap_or_default();
            let category =
                heading::category(&text, issuer).map(|category| category.key.to_string());
            let here = Says {
                category: category.or(outer.category),
                year: heading::year(&text).or(outer.year),
            };
            let says = Says {
                category: said.category.clone().or_else(|| here.category.clone()),
                year: said.year.or(here.year),
            };
            sections.push(Section { heading: text, says, blocks: Vec::new() });
            above.push((level, here));
        } else if let Some(section) = sections.last_mut() {
            section.blocks.push(block);
        }
    }
    sections
}

/// Whether a block has names; any list may.
fn has_names(block: &Block<'_>, defaults: &Defaults) -> bool {
    match block {
        Block::Heading { .. } => false,
        Block::List(_) => true,
        Block::Table(lines) => lines.first().is_some_and(|(_, headers)| {
            let cells = markdown::cells(headers);
            cells.iter().any(|header| columns::is_of_names(header, &defaults.choices.map))
        }),
    }
}

fn line(block: &Block<'_>) -> u64 {
    match block {
        Block::Heading { line, .. } => *line,
        Block::Table(lines) => lines.first().map_or(0, |(line, _)| *line),
        Block::List(items) => items.first().map_or(0, |(line, _)| *line),
    }
}

/// What is said of a block that is left out.
fn left(block: &Block<'_>) -> Option<String> {
    let what = match block {
        Block::Heading { .. } => return None,
        Block::Table(_) => "table without names",
        Block::List(_) => "list",
    };
    Some(format!("the {what} in line {}", line(block)))
}

fn without_category(line: u64, heading: &str, issuer: &Issuer) -> Problem {
    let keys: Vec<_> = issuer.categories.iter().map(|c| c.key.as_str()).collect();
    Problem::at(
        line,
        "no heading above these people names a category",
        format!(
            "say --category with one of: {}; or add what the heading calls it to the aliases of one",
            keys.join(", ")
        ),
    )
    .with_value(heading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::Choices;

    const ISSUER: &str = r#"
        [issuer]
        name = "Community"
        url = "https://example.org"
        [category.volunteer]
        title = "优秀志愿者"
        prefix = "V"
        template = "classic"
        [category.lecturer]
        title = "{year}年度优秀讲师"
        id = "{name}"
        template = "aurora"
        aliases = ["优秀讲师"]
    "#;

    fn rows(
        text: &str,
        category: Option<&str>,
    ) -> Result<(Vec<String>, Vec<String>), Vec<Problem>> {
        let defaults = Defaults {
            category: category.map(Into::into),
            year: None,
            date: None,
            choices: Choices::default(),
        };
        let roll = read(text, &Issuer::parse(ISSUER).unwrap(), &defaults)?.unwrap();
        let headers = format!("0 {}", roll.table.headers.join("/"));
        let rows = roll.table.joined().into_iter().map(|(line, cells)| format!("{line} {cells}"));
        Ok((std::iter::once(headers).chain(rows).collect(), roll.notes))
    }

    #[test]
    fn a_page_becomes_one_table() {
        let page = "# 2020 年度表彰\n- [志愿者](#志愿者)\n## 优秀志愿者\n\
            | 编号 | 姓名 | 城市 |\n|--|--|--|\n| [V20200001](x) | 沈旭 | 上海 |\n| | 任增刚 |\n\
            ### 2021\n| Name | No | city | 编号 |\n|--|--|--|--|\n| Ann | 1 | Rome | V20210001 |\n\
            ## 优秀讲师\n- [张慧](y)\n- **张城（元乙）**\n\
            ## 优秀志愿者，续\n1. V20200007：杨宙\n2. 王福印（V20200008）\n";
        let (rows, notes) = rows(page, None).unwrap();
        assert_eq!(
            rows,
            [
                "0 编号/姓名/城市/category/year/No/city",
                "6 V20200001/沈旭/上海/volunteer///",
                "7 /任增刚//volunteer/2020//",
                "11 V20210001/Ann//volunteer//1/Rome",
                "13 /张慧//lecturer/2020//",
                "14 /张城（元乙）//lecturer/2020//",
                "16 V20200007/杨宙//volunteer///",
                "17 V20200008/王福印//volunteer///",
            ]
        );
        assert_eq!(notes, ["left out: the list in line 2"]);
    }

    #[test]
    fn people_under_no_category_are_a_problem_a_section() {
        let page = "# Thanks\nname | id\n--|--\nAnn | 1\nBob | 2\n# 优秀讲师\n- Cid\n";
        let problems = rows(page, None).unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!((problems[0].row, problems[0].value.as_deref()), (Some(2), Some("Thanks")));
        assert_eq!(rows(page, Some("volunteer")).unwrap().0.len(), 4);
        let list_alone = rows("# Thanks\n- Ann\n", None).unwrap_err();
        assert!(list_alone[0].message.contains("the list in line 2"), "{list_alone:?}");
    }
}
