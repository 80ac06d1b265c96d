// The module that anywidget loads; the website loads the same with a host (see ce/figures/front_end.py).

import { render } from "./figure.js";
import { numbers } from "./numbers.js";

export default { render };
export { numbers };
