using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Caching;

/// <summary>Keeps the answers that were made of a snapshot of files for as long as the snapshot is the latest, and no longer.</summary>
/// <remarks>Safe for use from any thread: callers at the same time share one making.</remarks>
internal sealed class SnapshotAnswers
{
    private readonly ConditionalWeakTable<object, ConcurrentDictionary<string, Lazy<JsonAnswer>>> _answers = [];

    /// <summary>The answer made of this snapshot.</summary>
    /// <param name="snapshot">What is read again as the same object while its files do not change.</param>
    /// <param name="variant">Which of the answers that can be made of it; one of a few.</param>
    /// <param name="make">Makes the record that is sent.</param>
    public JsonAnswer Get<TValue>(object snapshot, string variant, Func<TValue> make) =>
        _answers.GetOrCreateValue(snapshot).GetOrAdd(variant, _ => new(() => JsonAnswer.Tagged(make()))).Value;
}
