import { intrinsicOf, resolve, type Scope } from './intrinsics';
import { sameJson } from './same';
import { type Json, type Template, templateError } from './template';

interface Assertion {
  readonly Assert: Json;
  readonly AssertDescription?: string;
}

interface Rule {
  readonly RuleCondition?: Json;
  readonly Assertions?: readonly Assertion[];
}

function listOf(value: Json, scope: Scope): Json[] {
  const list = resolve(value, scope);
  return Array.isArray(list) ? list : [list];
}

function holds(expression: Json, scope: Scope): boolean {
  const name = intrinsicOf(expression);
  const parts = name === undefined ? [] : ((expression as Record<string, Json[]>)[name] ?? []);
  const nested = (part: Json): boolean => holds(part, scope);
  switch (name) {
    case 'Fn::And':
      return parts.every(nested);
    case 'Fn::Or':
      return parts.some(nested);
    case 'Fn::Not':
      return !nested(parts[0]);
    case 'Fn::Equals':
      return sameJson(resolve(parts[0], scope), resolve(parts[1], scope));
    case 'Fn::Contains':
      return listOf(parts[0], scope).includes(resolve(parts[1], scope));
    case 'Fn::EachMemberIn': {
      const allowed = listOf(parts[1], scope);
      return listOf(parts[0], scope).every((item) => allowed.includes(item));
    }
    case 'Fn::EachMemberEquals': {
      const wanted = resolve(parts[1], scope);
      return listOf(parts[0], scope).every((item) => sameJson(item, wanted));
    }
    default:
      throw templateError(`The local AWS does not evaluate ${name ?? JSON.stringify(expression)} in Rules.`);
  }
}

/** Checks the template's Rules, which are about its parameters. Throws for the first that does not hold. */
export function checkRules(template: Template, scope: Scope): void {
  for (const [name, rule] of Object.entries((template.Rules ?? {}) as Record<string, Rule>)) {
    if (rule.RuleCondition !== undefined && !holds(rule.RuleCondition, scope)) continue;
    const broken = (rule.Assertions ?? []).find(({ Assert }) => !holds(Assert, scope));
    if (broken !== undefined)
      throw templateError(`Template error: Rule ${name} failed: ${broken.AssertDescription ?? JSON.stringify(broken.Assert)}`);
  }
}
