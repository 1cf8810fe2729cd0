using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Hermes.Core.Http.Wire;

namespace Hermes.Core.Http.Caching;

/// <summary>Keeps the answers that were made of a snapshot of files for as long as the snapshot is the latest, and no longer.</summary>
/// <remarks>Safe for use from any thread: callers at the same time share one making.</remarks>
internal sealed class SnapshotAnswers
{
    private readonly ConditionalWeakTable<object, ConcurrentDictionary<string, Lazy<JsonAnswer>>> _answers = [];

    /// <summary>The answer that is made of a snapshot, which is the same object while its files do not change; <paramref name="variant"/> is one of a few.</summary>
    public JsonAnswer Get<TValue>(object snapshot, string variant, Func<TValue> make) =>
        _answers.GetOrCreateValue(snapshot).GetOrAdd(variant, _ => new(() => JsonAnswer.Tagged(make()))).Value;
}
