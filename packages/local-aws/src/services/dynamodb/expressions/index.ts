import { type Condition, ConditionParser } from './condition';
import { type KeyCondition, parseKeyCondition } from './key-condition';
import { type ExpressionKind, Lexer } from './lexer';
import { type ExpressionInput, Placeholders } from './placeholders';
import { type Projection, parseProjection } from './projection';
import { type Update, UpdateParser } from './update';

/** The expressions of one request over its names and values. */
export class Expressions {
  private readonly placeholders: Placeholders;
  private readonly given: ExpressionKind[] = [];

  constructor(input: ExpressionInput) {
    this.placeholders = new Placeholders(input);
  }

  condition(
    text: string | undefined,
    kind: 'ConditionExpression' | 'FilterExpression' = 'ConditionExpression',
  ): Condition | undefined {
    return text === undefined ? undefined : new ConditionParser(this.lexer(kind, text), this.placeholders).parse();
  }

  projection(text: string | undefined): Projection | undefined {
    return text === undefined ? undefined : parseProjection(this.lexer('ProjectionExpression', text), this.placeholders);
  }

  update(text: string | undefined): Update | undefined {
    return text === undefined ? undefined : new UpdateParser(this.lexer('UpdateExpression', text), this.placeholders).parse();
  }

  keyCondition(text: string, partitionKey: string, sortKey: string | undefined): KeyCondition {
    return parseKeyCondition(this.lexer('KeyConditionExpression', text), this.placeholders, partitionKey, sortKey);
  }

  /** To be called once all expressions are read: names and values that none of them uses are an error. */
  checkUsed(): void {
    this.placeholders.checkUsed(this.given);
  }

  private lexer(kind: ExpressionKind, text: string): Lexer {
    this.given.push(kind);
    return new Lexer(kind, text);
  }
}
