using Kind = Hermes.Core.Sessions.Search.SearchCharacters.Kind;

namespace Hermes.Core.Sessions.Search;

internal sealed partial class SearchExpression
{
    /// <summary>One word or phrase that a search looks for: segments with nothing but punctuation and spaces between. Immutable.</summary>
    public sealed class Term(Term.Segment[] segments, string literal, bool isPrefix)
    {
        /// <summary>Whether its last word may go on.</summary>
        public bool IsPrefix => isPrefix;
        /// <summary>Whether it is symbols alone, an emoji for example: then it is looked for as it is.</summary>
        public bool IsLiteral => segments.Length == 0;
        /// <summary>Whether an index of words can find it wherever words stand apart.</summary>
        public bool IsWords => !IsLiteral && segments.All(segment => segment.IsWord);
        /// <summary>The words as they were written.</summary>
        public string Words => string.Join(' ', segments.Select(segment => segment.Written));
        /// <summary>The words as they are compared.</summary>
        public string FoldedWords => string.Join(' ', segments.Select(segment => segment.Folded));
        /// <summary>Its texts in scripts without spaces, which are found at any place of a text.</summary>
        public IEnumerable<string> SpacelessTexts => segments.Where(segment => !segment.IsWord).Select(segment => segment.Written);

        /// <returns>Null where the text names nothing.</returns>
        public static Term? Parse(string text, bool isPrefix)
        {
            var folded = FoldedText.Fold(text.Trim());
            if (string.IsNullOrWhiteSpace(folded.Text)) return null;

            var found = new List<Segment>();
            var (start, kind) = (0, Kind.Separator);
            for (var i = 0; i <= folded.Text.Length;)
            {
                var here = SearchCharacters.At(folded.Text, i);
                if (here != kind)
                {
                    if (kind is not Kind.Separator)
                        found.Add(new(folded.Text[start..i], text.Trim()[folded.Origin(start)..folded.Origin(i)], kind is Kind.Word));

                    (start, kind) = (i, here);
                }

                i += i < folded.Text.Length && Rune.TryGetRuneAt(folded.Text, i, out var rune) ? rune.Utf16SequenceLength : 1;
            }

            return new Term([.. found], folded.Text, isPrefix);
        }

        /// <summary>Whether it stands in a folded text.</summary>
        public bool IsIn(string folded) => TryFind(folded, 0, out _, out _);

        /// <summary>Finds the next place of a folded text where it stands.</summary>
        public bool TryFind(ReadOnlySpan<char> folded, int from, out int start, out int end)
        {
            var first = IsLiteral ? literal : segments[0].Folded;
            end = 0;
            for (start = from; folded[start..].IndexOf(first) is >= 0 and var next; start++)
            {
                start += next;
                end = start + first.Length;
                if (IsLiteral || (!(segments[0].IsWord && SearchCharacters.Before(folded, start) is Kind.Word) && IsAt(folded, start, out end)))
                    return true;
            }

            return false;
        }

        // Whether the segments follow one another from an index on, which is where the first one begins.
        private bool IsAt(ReadOnlySpan<char> folded, int index, out int end)
        {
            end = index;
            for (var i = 0; i < segments.Length; i++)
            {
                while (end < folded.Length && SearchCharacters.At(folded, end) is Kind.Separator)
                    end++;

                if (!folded[end..].StartsWith(segments[i].Folded)) return false;

                end += segments[i].Folded.Length;
                var mayGoOn = !segments[i].IsWord || (isPrefix && i == segments.Length - 1);
                if (!mayGoOn && SearchCharacters.At(folded, end) is Kind.Word) return false;
            }

            return true;
        }

        internal readonly record struct Segment(string Folded, string Written, bool IsWord);
    }
}
