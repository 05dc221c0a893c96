"""Both registration forms as Word files: a template, filled with what the bot may hold (policy § 3).

The office's own templates stand in ``DATA/templates/``, named like the form, and may use the placeholders
of `PLACEHOLDERS`; whatever has none in the template stays as it is there.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from messages.facts import FORM_NAMES
from messages.file_names import file_name
from messages.registration import Registration, placeholders, values
from storage.records import FormKind
from storage.workbook_cells import visible

if TYPE_CHECKING:
    from docxtpl import DocxTemplate

FOLDER: Final = Path(__file__).parent / "forms"  # the neutral templates
PLACEHOLDERS: Final = {kind: placeholders(kind) for kind in FormKind}


class TemplateFault(Exception):  # noqa: N818 - a fault of a file, told to whoever put it there
    """A template can't be used; the text is one line that names the file and what is wrong."""


def title(kind: FormKind) -> str:
    return FORM_NAMES[kind].strip("《》")


def resource_name(kind: FormKind) -> str:
    return f"{kind}.docx"


def template_of(kind: FormKind, own: Path | None) -> Path:
    """Return the office's template if there is one in that folder, else the neutral one."""
    replaced = None if own is None else own / f"{title(kind)}.docx"
    return replaced if replaced is not None and replaced.exists() else FOLDER / resource_name(kind)


def check(own: Path) -> None:
    """Check every template of the office. TemplateFault: the first that can't be used."""
    if not own.is_dir():
        return
    kinds = {f"{title(kind)}.docx": kind for kind in FormKind}
    for file in sorted(own.iterdir()):
        if file.name.startswith((".", "~$")):  # an open Word leaves such a file beside its own
            continue
        if file.name not in kinds:
            raise TemplateFault(f"templates/{file.name}：不认识的模板，应为 {' 或 '.join(kinds)}")
        _check(file, kinds[file.name])


def _check(file: Path, kind: FormKind) -> None:
    place = f"templates/{file.name}"
    try:
        template = _opened(file)
        used = template.get_undeclared_template_variables(_environment())
        in_margins = _in_margins(template)
    except TemplateError as error:
        raise TemplateFault(f"{place}：占位符写法有误（{' '.join(str(error).split())}）") from None
    except Exception:  # noqa: BLE001 - whatever the library finds in what is no Word file
        raise TemplateFault(f"{place}：打不开，应为 Word 文档（.docx）") from None
    if unknown := sorted(used - PLACEHOLDERS[kind]):
        listed = "、".join(f"{{{{{name}}}}}" for name in unknown)
        usable = "、".join(sorted(PLACEHOLDERS[kind]))
        raise TemplateFault(f"{place}：不认识的占位符 {listed}。可以用的：{usable}")
    if in_margins:
        raise TemplateFault(f"{place}：页眉、页脚里不能有占位符，请移到正文")


def _in_margins(template: DocxTemplate) -> bool:
    """Whether a header or a footer holds a placeholder: many people's forms in one file share them."""
    return any(
        "{{" in xml or "{%" in xml
        for kind in (template.HEADER_URI, template.FOOTER_URI)
        for _, part in template.get_headers_footers(kind)
        for xml in (template.patch_xml(template.get_part_xml(part)),)
    )


def _opened(file: Path) -> DocxTemplate:
    from docxtpl import DocxTemplate  # loads lxml

    template = DocxTemplate(io.BytesIO(file.read_bytes()))
    template.init_docx()
    return template


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


class Template:
    """A template, opened once for any number of forms.

    Raises OSError, and whatever the library or Jinja finds wrong with it.
    """

    def __init__(self, kind: FormKind, own: Path | None) -> None:
        self._word = _opened(template_of(kind, own))
        self._body = self._word.docx.element.body
        self._settings = self._body.get_or_add_sectPr()  # paper, margins, headers
        # Once for all: finding the placeholders that Word has torn apart takes most of the time.
        source = self._word.patch_xml(self._word.get_xml())
        self._pattern = _environment().from_string(source)

    def filled(self, each: Iterable[Registration]) -> bytes:
        """Return one file with a form per person, each beginning on the front of a sheet."""
        del self._body[:-1]
        for number, facts in enumerate(each):
            if number:
                self._settings.addprevious(_end_of_section(self._settings))
                _on_odd_page(self._settings)
            self._add(facts, is_copy=number > 0)
        _number_pictures(self._body)
        file = io.BytesIO()
        self._word.docx.save(file)
        return file.getvalue()

    def _add(self, facts: Registration, *, is_copy: bool) -> None:
        shown = {name: visible(words) for name, words in values(facts).items()}
        for element in list(_parsed(self._pattern.render(shown)))[:-1]:
            self._settings.addprevious(_copy(element) if is_copy else element)


def filled(kind: FormKind, own: Path | None, each: Iterable[Registration]) -> bytes:
    """Return one file with a form per person; see `Template`."""
    return Template(kind, own).filled(each)


def name_of(branch: str, kind: FormKind) -> str:
    """Return the name of the file with a branch's forms of that kind."""
    return file_name(f"{branch}{title(kind)}", "docx")


def _parsed(xml: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(xml)


def _end_of_section(settings: Any) -> Any:
    """Return the paragraph that ends one person's form, too small to need a page of its own."""
    from docx.oxml.ns import nsdecls

    paragraph = _parsed(
        f'<w:p {nsdecls("w")}><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" '
        'w:lineRule="exact"/></w:pPr></w:p>'
    )
    ended = deepcopy(settings)
    _on_odd_page(ended)
    paragraph[0].append(ended)
    return paragraph


def _on_odd_page(settings: Any) -> None:
    """Let the section begin on the front of a sheet, printed on both sides or not."""
    from docx.enum.section import WD_SECTION_START

    settings.start_type = WD_SECTION_START.ODD_PAGE


def _number_pictures(body: Any) -> None:
    """Give every picture of the file a number of its own, as Word asks."""
    from docx.oxml.ns import qn

    for number, picture in enumerate(body.iter(qn("wp:docPr")), start=1):
        picture.set("id", str(number))


def _copy(element: Any) -> Any:
    """Return the element without what may stand only once in a file."""
    once = ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd")
    for found in [one for one in element.iter() if str(one.tag).rpartition("}")[2] in once]:
        found.getparent().remove(found)
    for one in element.iter():
        for name in [name for name in one.attrib if name.endswith(("}paraId", "}textId"))]:
            del one.attrib[name]
    return element
