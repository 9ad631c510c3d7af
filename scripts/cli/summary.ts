import { contentFromJson, type ContentJson } from '../../coordinator-stub/party/contentJson.ts'
import { contentSummary } from '../../web/app/sign/contentSummary.ts'
import { en } from '../../web/app/texts/en.ts'

/** What is signed, in a line, as the app lists it. */
export function summaryOf({ content }: { readonly content: ContentJson }): string {
  return contentSummary(contentFromJson(content), en)
}
