namespace Hermes.Core.Sessions;

/// <summary>Which sessions of a list come first.</summary>
public enum SessionOrder
{
    /// <summary>The newest <see cref="Session.StartedAt"/>.</summary>
    Created,

    /// <summary>The newest <see cref="Session.LastActive"/>. Costs time in proportion to the number of sessions, at any depth.</summary>
    Recent,
}
