"""A form, drawn by the platform's form library in a browser, and what a person does with it.

The library is npm's vue-form-generator on Vue 2, unchanged. A `FormPage` looks at what it draws
and works it as people do, by keys and clicks; the model is only ever read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from playwright.sync_api import ConsoleMessage, ElementHandle, Error, Page

#: What the page needs of the two packages, below `node_modules`. Vue's development build warns.
SCRIPTS = ("vue/dist/vue.js", "vue-form-generator/dist/vfg.js")
STYLES = ("vue-form-generator/dist/vfg.css",)

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Form</title>{head}</head>
<body>
<main></main>
<script>
Vue.config.productionTip = false;
Vue.config.devtools = false;
Vue.use(VueFormGenerator);
window.show = (schema, model) => {{
  window.model = VueFormGenerator.schema.createDefaultObject(schema, model);
  window.shown = new Vue({{
    data: {{ schema, model: window.model }},
    methods: {{ validate() {{ this.$refs.form.validate(); }} }},
    template: `<div><vue-form-generator ref="form" :schema="schema" :model="model"/>
               <button type="button" data-validate @click="validate">Validate</button></div>`,
  }}).$mount(document.querySelector("main"));
}};
window.group = (model, nth) => [...document.querySelectorAll(".form-group")]
  .filter(element => element.__vue__.field.model === model)[nth];
</script>
</body></html>
"""

_FIELDS = """() => [...document.querySelectorAll(".form-group")].map(group => {
  const field = group.__vue__.field;
  const label = group.querySelector(":scope > label");
  const wrap = group.querySelector(":scope > .field-wrap");
  const controls = [...wrap.querySelectorAll("input, select, textarea")];
  const control = controls[0];
  const name = input => input.closest("label").innerText.trim();
  let kind = "none", shown = wrap.innerText.trim(), choices = [];
  if (wrap.querySelector(".listbox, .radio-list, .combobox")) {
    kind = wrap.querySelector(".radio-list") ? "radio" : "checklist";
    choices = controls.map(name);
    const ticked = controls.filter(input => input.checked).map(name);
    if (controls.length || !wrap.querySelector(".combobox")) shown = ticked;
  } else if (control) {
    kind = control.tagName === "INPUT" ? control.type : control.tagName.toLowerCase();
    if (kind === "checkbox") shown = control.checked;
    else if (kind === "select") {
      choices = [...control.options].filter(option => !option.disabled).map(option => option.text);
      shown = control.selectedIndex < 0 ? null : control.options[control.selectedIndex].text;
    } else shown = control.value;
  }
  const target = label && label.htmlFor ? document.getElementById(label.htmlFor) : null;
  return {
    model: field.model === undefined ? null : field.model,
    type: field.type,
    label: label ? label.querySelector(":scope > span").innerText.trim() : null,
    help: label && label.querySelector(".helpText")
      ? label.querySelector(".helpText").textContent.trim() : null,
    hint: (group.querySelector(":scope > .hint") || { innerText: null }).innerText,
    markup: [...group.querySelectorAll(
      ":scope > label > span:not(.help) *, .helpText *, :scope > .hint *"
    )].map(element => element.tagName.toLowerCase()),
    id: (control || wrap.firstElementChild || { id: "" }).id,
    control: kind,
    shown,
    choices,
    required: getComputedStyle(label || group, "::after").content === '"*"',
    disabled: control ? control.disabled : false,
    readonly: control ? control.readOnly === true : false,
    label_hits_control: Boolean(target && wrap.contains(target)),
    messages: [...group.querySelectorAll(".errors > span")].map(span => span.textContent),
  };
})"""


@dataclass(frozen=True, kw_only=True)
class DrawnField:
    """A field as a person sees it."""

    #: The dotted path of its value; None for a field without one.
    model: str | None
    #: The `type` of the field in the form.
    type: str
    #: The text of the label, as shown; None where no label is drawn.
    label: str | None
    #: The text of the help bubble.
    help: str | None
    #: The text below the control.
    hint: str | None
    #: Names of the elements that markup in the label, help or hint made.
    markup: tuple[str, ...]
    #: The DOM id of the control, the first one where there are several; "" without one.
    id: str
    #: `number`, `text`, `checkbox`, ... of an input, `textarea`, `select`, `radio`, `checklist`,
    #: or `none`.
    control: str
    #: What the control shows: text; a checkbox's state; the texts of a list's ticked items, or
    #: the summary of a closed list; None for a select that shows nothing.
    shown: str | bool | tuple[str, ...] | None
    #: The texts of the choices that can be taken, of an open list.
    choices: tuple[str, ...]
    #: Whether the mark of required fields is shown.
    required: bool
    disabled: bool
    readonly: bool
    #: Whether the label belongs to this field's control, so that a click on it comes here.
    label_hits_control: bool
    #: The messages of the validation shown at the field.
    messages: tuple[str, ...]


class FormPage:
    """One form on a page of its own.

    Args:
        page: an empty page.
        node_modules: the folder that holds the packages `vue` and `vue-form-generator`.
        form: the form's document.
        model: a stored form model; the library fills in defaults.

    Attributes:
        complaints: what the library, Vue or the browser wrote to the console as warning or error,
            and uncaught errors, in order.
    """

    def __init__(
        self,
        page: Page,
        node_modules: Path,
        form: Mapping[str, Any],
        model: Mapping[str, Any] | None = None,
    ) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", self._failed)
        head = [f'<link rel="stylesheet" href="{_url(node_modules / name)}">' for name in STYLES]
        head += [f'<script src="{_url(node_modules / name)}"></script>' for name in SCRIPTS]
        file = node_modules / "form.html"
        content = _PAGE.format(head="".join(head))
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            file.write_text(content, encoding="utf-8")
        page.goto(_url(file))
        page.evaluate(
            "([schema, model]) => show(JSON.parse(schema), JSON.parse(model))",
            [json.dumps(form), json.dumps(model or {})],
        )

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _failed(self, error: Error) -> None:
        self.complaints.append(str(error))

    # What is seen

    def fields(self) -> list[DrawnField]:
        """The fields that are drawn, from top to bottom."""
        found: list[dict[str, Any]] = self.page.evaluate(_FIELDS)
        return [
            DrawnField(**{key: tuple(v) if isinstance(v, list) else v for key, v in field.items()})
            for field in found
        ]

    def field(self, model: str) -> DrawnField:
        """The first field of a model."""
        return next(field for field in self.fields() if field.model == model)

    def ids(self) -> list[str]:
        """The `id` of every element that has the attribute, empty ones included."""
        ids: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('[id]')].map(element => element.id)"
        )
        return ids

    def model(self) -> Any:
        """The model as the platform would send it: as JSON, where NaN is null."""
        return json.loads(self.page.evaluate("() => JSON.stringify(window.model)"))

    # What people do

    def type(self, model: str, text: str) -> None:
        """Replace what stands in a field by typing, and leave the field."""
        self._focus(model)
        self.page.keyboard.press("ControlOrMeta+a")
        if text:
            self.page.keyboard.type(text)
        else:
            self.page.keyboard.press("Delete")
        self.page.keyboard.press("Tab")

    def clear(self, model: str) -> None:
        """Empty a field, and leave it."""
        self.type(model, "")

    def press(self, model: str, *keys: str) -> None:
        """Press keys in a field (`ArrowUp`, ...), and leave it."""
        self._focus(model)
        for key in (*keys, "Tab"):
            self.page.keyboard.press(key)

    def tick(self, model: str, item: str | None = None) -> None:
        """Click a checkbox, or the item of a checklist or of radios by its text.

        A closed checklist is opened first, and stays open.
        """
        if item is None:
            self._element(model, "input").click()
            return
        group = self._group(model)
        combo = group.query_selector(".combobox .mainRow:not(.expanded)")
        if combo is not None:
            combo.click()
        for label in group.query_selector_all(".field-wrap label"):
            if label.inner_text().strip() == item:
                label.click()
                return
        raise LookupError(f"the field {model!r} offers no item {item!r}")

    def click_label(self, model: str) -> None:
        """Click the text of a field's label."""
        self._element(model, ":scope > label > span").click()

    def choose(self, model: str, shown: str) -> None:
        """Take the choice of a select that shows this text, by the keyboard's means."""
        select = self._element(model, "select")
        if shown not in self.field(model).choices:
            raise LookupError(f"the field {model!r} offers no choice {shown!r}")
        select.select_option(label=shown)

    def validate(self) -> dict[str, tuple[str, ...]]:
        """Click the button that validates; the messages by model, of fields that have any."""
        button = self.page.query_selector("[data-validate]")
        assert button is not None
        button.click()
        fields = self.fields()
        return {field.model or "": field.messages for field in fields if field.messages}

    # Elements

    def _group(self, model: str) -> ElementHandle:
        handle = self.page.evaluate_handle("model => group(model, 0)", model)
        element = handle.as_element()
        if element is None:
            raise LookupError(f"no field of the model {model!r} is drawn")
        return element

    def _element(self, model: str, selector: str) -> ElementHandle:
        found = self._group(model).query_selector(selector)
        if found is None:
            raise LookupError(f"the field {model!r} has no {selector}")
        return found

    def _focus(self, model: str) -> None:
        self._element(model, "input, textarea").focus()


def _url(path: Path) -> str:
    return path.resolve().as_uri()
